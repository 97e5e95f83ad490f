// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace anjungan::wire {

// Every bound of the protocol in one place (PROTOCOL.md, "Limits"). A message over a bound is refused whole.

// A batch ends at whichever comes first.
inline constexpr std::size_t k_max_batch_events = 200;
inline constexpr std::size_t k_max_batch_event_bytes = 256 * 1024;

inline constexpr std::size_t k_max_need_ranges = 64;
inline constexpr std::size_t k_max_feed_items = 100;
inline constexpr std::size_t k_max_feed_item_bytes = 64 * 1024;
inline constexpr std::size_t k_max_feed_bytes = 256 * 1024;

// One case, as JSON, in an answer to a question.
inline constexpr std::size_t k_max_case_bytes = 64 * 1024;

inline constexpr std::size_t k_max_signing_keys = 8;
inline constexpr std::size_t k_max_sealing_keys = 4;  // what one data key can be sealed to (sync/record/sealing.h)

// Texts of the terminal's identity, in bytes of UTF-8.
inline constexpr std::size_t k_max_office_bytes = 200;
inline constexpr std::size_t k_max_url_bytes = 200;
inline constexpr std::size_t k_max_version_bytes = 40;
inline constexpr std::size_t k_max_feed_kind_bytes = 32;
inline constexpr std::size_t k_max_feed_subject_bytes = 64;

// The largest body either side reads from the network before it even looks: a full batch, a full answer with its feed,
// and room for their other fields.
inline constexpr std::size_t k_max_request_bytes = 320 * 1024;
inline constexpr std::size_t k_max_answer_bytes = 320 * 1024;

// One piece of an attachment (a whole one: record::k_most_blob_bytes).
inline constexpr std::size_t k_max_piece_bytes = 256 * 1024;

// How long an enrolment code lives, and how often a terminal asks while the administrator has not confirmed yet.
inline constexpr std::int64_t k_enrol_code_life_ms = 15 * 60 * 1000;
inline constexpr std::int64_t k_enrol_poll_ms = 2 * 1000;

}  // namespace anjungan::wire
