// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sync/agent/uplink.h"

namespace anjungan::agent {

// Orders of `anjunganctl import` to whoever holds sync.db, as JSON: {"order":"import"} with an open file. Answers
// {"outcome","standing","acked_seq","waiting","news"} or {"error":{"kind","text"}}.
inline constexpr std::string_view k_import_order = R"({"order":"import"})";

[[nodiscard]] std::string answer_carried_order(Uplink& uplink, std::string_view order, int file);

}  // namespace anjungan::agent
