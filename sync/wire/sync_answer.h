// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/result.h"
#include "sync/wire/identifiers.h"
#include "sync/wire/limits.h"

namespace anjungan::wire {

// What the centre did with one event.
enum class EventResult : std::uint8_t {
  stored = 1,       // new, durable
  duplicate = 2,    // the same bytes were there already
  conflict = 3,     // other bytes hold this seq; these went into quarantine
  quarantined = 4,  // cannot be read; kept apart, durable, and counted as received
};

// Whether the centre takes this terminal's events. Signed like the rest: nobody else can stop a terminal.
enum class Standing : std::uint8_t {
  welcome = 1,
  locked = 2,   // join counter or chain shows two terminals with one identity; a person must decide
  revoked = 3,  // an administrator ended this enrolment
  doubted = 4,  // an old join counter: a request that the network kept, or a copied disk; nothing was changed. Whoever
                // reads this and comes back with the counter given here is the copy
};

// "welcome", "locked": the standing's name for people and programs.
[[nodiscard]] std::string_view standing_name(Standing standing);

// Seqs first..last, both included.
struct SeqRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  friend bool operator==(const SeqRange&, const SeqRange&) = default;
};

// The kinds of an administrator's orders; of the first two the subject is the command's id.
inline constexpr std::string_view k_feed_command = "command";
inline constexpr std::string_view k_feed_command_cancel = "command-cancel";
// A piece of what a command brings; the subject is the hash of the body in hexadecimal.
inline constexpr std::string_view k_feed_part = "part";

// News for the terminal. Kinds: "case" (subject = tracking number "3273-0012-000427-5", body = the case's JSON without
// personal data), "keys" (body = a key manifest) and an administrator's orders (record/command.h). A terminal passes
// over kinds it does not know.
struct FeedItem {
  std::uint64_t cursor = 0;  // grows; the terminal confirms by sending the highest back
  std::string kind;
  std::string subject;
  record::Bytes body;
  friend bool operator==(const FeedItem&, const FeedItem&) = default;
};

// The centre's answer to one batch.
struct SyncAnswer {
  Standing standing = Standing::welcome;
  Epoch epoch{};
  std::uint64_t acked_seq = 0;       // every event up to here is durable at the centre (as event or in quarantine)
  record::Hash acked_hash{};         // hash of that event; zeros when acked_seq is 0
  std::vector<EventResult> results;  // one for each event of the batch, in order
  // Seqs the centre wants next, ascending, not overlapping. Empty: go on after acked_seq.
  std::vector<SeqRange> need;
  std::int64_t server_time_ms = 0;
  std::uint64_t join_counter = 0;  // the next request must carry it
  std::vector<FeedItem> feed;      // ascending cursors
  bool feed_more = false;          // more news waits: ask again at once
};

// Signs with one of the manifest's signing keys. `device` and `request_digest` are those of the verified request; they
// are signed along, so no other terminal and no other request can use this answer. Fails with `invalid` over a limit.
[[nodiscard]] record::Result<record::Bytes> encode_sync_answer(const SyncAnswer& answer, const DeviceId& device,
                                                               const record::Hash& request_digest,
                                                               const record::SigningKey& centre_key);

// What an answer is held against.
struct ExpectedAnswer {
  DeviceId device;
  record::Hash request_digest{};
  std::size_t event_count = 0;                     // of the request; each wants a result
  std::span<const record::PublicKey> centre_keys;  // of the manifest the terminal trusts
};

// The only way to read an answer. Fails with `denied` when no trusted key signed it or it was made for another terminal
// or request, `invalid` when it is signed but malformed. HTTP status 200 plays no part: only this is an ack.
[[nodiscard]] record::Result<SyncAnswer> open_sync_answer(record::ByteView message, const ExpectedAnswer& expected);

}  // namespace anjungan::wire
