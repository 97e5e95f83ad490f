// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/carry_out.h"

#include <fmt/format.h>

#include <filesystem>

#include "sync/agent/own_events.h"
#include "sync/store/files.h"
#include "sync/store/sync_store.h"
#include "sync/wire/carried.h"

namespace anjungan::agent {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr unsigned k_mode = 0640;

Result<store::SyncState> state_of(const std::string& data_folder) {
  auto reader = store::SyncReader::open(data_folder);
  if (!reader) return tl::unexpected(reader.error());
  return reader->state();
}

std::string name_of(const std::string& device, const wire::SyncRequest& request) {
  if (request.events.empty()) return carried_prefix(device) + "news" + k_request_suffix;
  return fmt::format("{}{:010}-{:010}{}", carried_prefix(device), request.from_seq,
                     request.from_seq + request.events.size() - 1, k_request_suffix);
}

}  // namespace

std::string carried_prefix(const std::string& device) { return "anjungan-" + device + "-"; }

Result<std::vector<CarriedFile>> carry_out(const CarryOutWish& wish, const record::Clock& clock,
                                           const std::function<void(const CarriedFile&)>& written) {
  const auto identity = store::load_identity(wish.data_folder);
  if (!identity) return tl::unexpected(identity.error());
  std::error_code ignored;
  if (!std::filesystem::is_directory(wish.to, ignored)) {
    return fail(ErrorKind::not_found, wish.to + ": is no folder; is the stick mounted?");
  }
  const auto device_key = store::load_key(wish.data_folder, store::KeyUse::device);
  if (!device_key) return tl::unexpected(device_key.error());
  const auto state = state_of(wish.data_folder);
  if (!state) return tl::unexpected(state.error());
  OwnEvents own(wish.data_folder);
  const auto last = own.last_seq();
  if (!last) return tl::unexpected(last.error());
  const auto disagrees = own.disagreement(state->acked_seq, state->acked_hash, *last);
  if (!disagrees) return tl::unexpected(disagrees.error());
  if (*disagrees) return fail(ErrorKind::conflict, **disagrees);

  std::vector<CarriedFile> out;
  std::uint64_t from = state->acked_seq + 1;
  for (;;) {
    wire::SyncRequest request = request_of(*identity, *state, clock);
    request.join_counter = wire::k_carried;
    request.last_seq = *last;
    if (auto filled = own.fill(request, from, *last, wish.batch_events); !filled) return tl::unexpected(filled.error());
    const auto message = wire::encode_sync_request(request, *device_key);
    if (!message) return tl::unexpected(message.error());
    CarriedFile file{name_of(identity->device(), request), from, request.events.size(), message->size()};
    if (auto kept = store::write_file(wish.to + "/" + file.name, *message, k_mode); !kept) {
      return tl::unexpected(kept.error());
    }
    written(file);
    from += file.events;
    const bool more = file.events > 0 && from <= *last;
    out.push_back(std::move(file));
    if (!more) return out;
  }
}

}  // namespace anjungan::agent
