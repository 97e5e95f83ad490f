// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sync/agent/uplink.h"

namespace anjungan::agent {

// Orders of `anjunganctl rotate-keys` to the holder of sync.db: "rotate both", "rotate receipt" or "rotate device"
// begins a change of keys, "rotation" asks how it goes; both take its next step. The answer is JSON: `state` (none,
// waits_for_app, waits_for_network, refused, done), `reason`, `fingerprint` of the keys in use, `changes`; or `error`.
inline constexpr std::string_view k_rotate_order = "rotate ";
inline constexpr std::string_view k_rotation_order = "rotation";

[[nodiscard]] bool is_rotation_order(std::string_view order);
[[nodiscard]] std::string answer_rotation_order(Uplink& uplink, std::string_view order);

}  // namespace anjungan::agent
