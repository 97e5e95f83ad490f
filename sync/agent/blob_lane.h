// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "sync/agent/http_client.h"
#include "sync/agent/uplink_parts.h"
#include "sync/store/blob_folder.h"
#include "sync/store/intake_reader.h"
#include "sync/wire/blob.h"

namespace anjungan::agent {

// The second lane: attachments, one piece a step, each only after the event that names it was acknowledged. Keeps
// nothing that matters: where to go on the centre says, what it holds is in sync.db before a step returns. One
// attachment that the centre does not take stands in the way of no other. Not thread-safe.
class BlobLane {
 public:
  // What a step looks at, as it is at that moment.
  struct View {
    UplinkParts& parts;
    store::IntakeReader& intake;
    const store::SyncState& state;
  };

  explicit BlobLane(const std::string& data_folder) : m_folder(data_folder) {}

  // At most one request. `again`: there is more (`sent` is 1 when the centre has more than before); `rest`: nothing
  // left that can go now; `back_off`: not now.
  [[nodiscard]] Exchange step(const View& view);
  // Attachments of the round that has ended that the centre did not take.
  [[nodiscard]] std::size_t put_off() const { return m_put_off.size(); }

 private:
  struct Current {
    store::IntakeReader::Blob blob;
    std::optional<std::uint64_t> offset;  // nothing: the centre is asked first
    int fruitless = 0;                    // pieces in a row after which it wanted the same again
  };

  record::Result<bool> choose(const View& view);
  Exchange take(const View& view, const wire::BlobAnswer& answer, bool was_piece);
  Exchange lost(const View& view, std::string_view why);
  void leave(std::string_view why);

  store::BlobFolder m_folder;
  std::optional<Current> m_current;
  std::array<std::uint8_t, 16> m_epoch{};
  std::uint64_t m_after = 0;          // of the events up to here, none has an attachment left to look at in this round
  std::set<std::uint64_t> m_put_off;  // seq
  std::size_t m_piece_bytes = 64 * 1024;
  int m_fast_pieces = 0;  ///< in a row
  bool m_flows = false;   // the last answer was that one is held whole
};

}  // namespace anjungan::agent
