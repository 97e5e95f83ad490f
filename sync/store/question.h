// SPDX-License-Identifier: Apache-2.0
// A question to the centre from a person at the terminal: the app writes it, the agent carries it.
#pragma once

#include <cstdint>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/uuid.h"

namespace anjungan::store {

struct Question {
  record::Uuid id;
  record::Hash code_hash{};       ///< AccessCode::code_hash
  record::PublicKey reply_key{};  ///< the answer is sealed to it; the secret half stays in the app's memory
  std::int64_t asked_ms = 0;
};

}  // namespace anjungan::store
