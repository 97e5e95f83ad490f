// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/enrolment.h"

#include <fmt/format.h>
#include <poll.h>

#include <chrono>

#include "sync/agent/manifest_keys.h"
#include "sync/store/next_keys.h"
#include "sync/store/sync_store.h"
#include "sync/wire/http.h"

namespace anjungan::agent {
namespace {

using record::ErrorKind;
using record::fail;
using std::chrono::steady_clock;

// An outage of a few seconds between two looks must not cost the technician another code.
constexpr int k_failures_in_a_row = 15;

record::Result<void> not_enrolled_yet(const std::string& data_folder) {
  const auto known = store::load_identity(data_folder);
  if (known) {
    return fail(
        ErrorKind::conflict,
        fmt::format("this terminal is enrolled already, as {} ({}). To enrol it anew, move {} away first: its events "
                    "belong to the old enrolment",
                    known->device(), known->office, data_folder));
  }
  if (known.error().kind == ErrorKind::not_found) return {};
  return tl::unexpected(known.error());
}

tl::unexpected<record::Error> refusal(const HttpAnswer& answer) {
  switch (answer.status) {
    case 401:
    case 403:
    case 404:
      return fail(
          ErrorKind::not_found,
          "enrolment code: the centre knows no such code; compare it with what the administrator gave you, or ask "
          "for a new one");
    case 409:
      return fail(ErrorKind::denied,
                  "enrolment code: another terminal has used it; ask the administrator for a new one");
    case 410:
      return fail(ErrorKind::denied,
                  "enrolment code: it has expired (a code lives 15 minutes); ask the administrator for a new one");
    case 429:
      return fail(ErrorKind::busy, "the centre refuses further tries for now; wait a minute and try again");
    default:
      break;
  }
  return fail(ErrorKind::unavailable, fmt::format("the centre answered with HTTP status {}", answer.status));
}

record::Result<wire::EnrolAnswer> ask(Transport& transport, const record::Bytes& request, const wire::EnrolCode& code) {
  auto reply = transport.post(wire::k_enrol_path, request,
                              {{"Content-Type", std::string(wire::k_content_type)},
                               {std::string(wire::k_digest_header), wire::content_digest(request)}});
  if (!reply) return tl::unexpected(reply.error());
  if (reply->status != 200 && reply->status != 202) return refusal(*reply);
  return wire::open_enrol_answer(reply->body, code, wire::message_digest(request));
}

// False when the stop was requested meanwhile.
bool pause(const Stop& stop, std::chrono::milliseconds length) {
  pollfd look{stop.fd(), POLLIN, 0};
  return ::poll(&look, 1, static_cast<int>(length.count())) == 0;
}

record::Result<store::Identity> settle(const EnrolmentOptions& options, const wire::TerminalGrant& grant,
                                       const record::SigningKey& receipt_key, const record::SigningKey& device_key) {
  const auto manifest = wire::open_key_manifest(grant.key_manifest, grant.root);
  if (!manifest) return tl::unexpected(manifest.error());
  store::Identity identity;
  identity.region = grant.device.region;
  identity.terminal = grant.device.terminal;
  identity.office = grant.office;
  identity.place = grant.place;
  identity.public_url = grant.public_url;
  identity.root = grant.root;
  identity.receipt_key = receipt_key.public_key();
  identity.device_key = device_key.public_key();
  apply_manifest(identity, grant.key_manifest, *manifest);
  {
    auto sync = store::SyncStore::open(options.data_folder);
    if (!sync) return tl::unexpected(sync.error());
    store::SyncState state;
    state.epoch = grant.epoch;
    state.join_counter = grant.join_counter;
    if (auto saved = sync->save(state, {}); !saved) return tl::unexpected(saved.error());
  }
  // An enrolment of before may have ended in the middle of a change of keys: the centre would refuse its request for
  // ever.
  if (auto forgotten = store::forget_rotation(options.data_folder); !forgotten) {
    return tl::unexpected(forgotten.error());
  }
  // Last, and whole or absent: while this file is missing the terminal is not enrolled and all of this can be repeated.
  if (auto saved = store::save_identity(options.data_folder, identity); !saved) return tl::unexpected(saved.error());
  return identity;
}

}  // namespace

record::Result<store::Identity> enrol(const EnrolmentOptions& options, const wire::EnrolCode& code,
                                      Transport& transport, const Stop& stop, const EnrolmentSteps& steps) {
  if (auto fresh = not_enrolled_yet(options.data_folder); !fresh) return tl::unexpected(fresh.error());
  auto receipt_key = store::load_or_make_key(options.data_folder, store::KeyUse::receipt);
  if (!receipt_key) return tl::unexpected(receipt_key.error());
  auto device_key = store::load_or_make_key(options.data_folder, store::KeyUse::device);
  if (!device_key) return tl::unexpected(device_key.error());
  const auto request = wire::encode_enrol_request(code, options.software, *receipt_key, *device_key);
  if (!request) return tl::unexpected(request.error());
  steps.show_fingerprint(wire::enrol_fingerprint(receipt_key->public_key(), device_key->public_key()));

  const auto start = steady_clock::now();
  bool known_to_centre = false;
  for (int failures = 0;;) {
    const auto answer = ask(transport, *request, code);
    if (answer && !answer->pending()) return settle(options, *answer->grant, *receipt_key, *device_key);
    const auto waited = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - start);
    if (answer) {
      failures = 0;
      known_to_centre = true;
      steps.waiting(waited);
    } else if (!known_to_centre || answer.error().kind != ErrorKind::unavailable || ++failures >= k_failures_in_a_row) {
      return tl::unexpected(answer.error());
    }
    if (waited >= options.patience) {
      return fail(ErrorKind::unavailable,
                  "nobody confirmed this terminal in time; run the same command again to go on waiting");
    }
    if (!pause(stop, options.poll))
      return fail(ErrorKind::unavailable, "stopped; run the same command again to go on waiting");
  }
}

}  // namespace anjungan::agent
