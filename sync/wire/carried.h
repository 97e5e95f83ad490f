// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sync/record/bytes.h"
#include "sync/record/result.h"
#include "sync/wire/limits.h"

namespace anjungan::wire {

// Batches that a person carries on a stick (PROTOCOL.md, "Carried by hand"): a file of one sync request, and back a
// file of that request and its answer. Both are the signed bytes of the network.

// The join counter of a carried request and of its answer: none.
inline constexpr std::uint64_t k_carried = ~std::uint64_t{0};

inline constexpr std::size_t k_max_carried_answer_bytes = k_max_request_bytes + k_max_answer_bytes;

// Views into the file's bytes, which must outlive it.
struct CarriedAnswer {
  record::ByteView request;
  record::ByteView answer;
};

[[nodiscard]] record::Bytes join_carried_answer(record::ByteView request, record::ByteView answer);

// Finds where the request ends; proves nothing about either. Fails with `invalid` when the file is cut short or
// something else.
[[nodiscard]] record::Result<CarriedAnswer> split_carried_answer(record::ByteView file);

}  // namespace anjungan::wire
