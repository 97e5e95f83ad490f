// SPDX-License-Identifier: Apache-2.0
// What toml++ must not be given. Its own look at a letter beyond ASCII where a key or a space belongs has no defined
// outcome (in 3.3 a switch that it calls unreachable), and TOML allows none there.
#pragma once

#include <optional>
#include <string_view>

namespace anjungan::record {

/// The line, from 1, of the first byte beyond ASCII that stands neither in quotes nor in a comment. TOML 1.0.
[[nodiscard]] std::optional<int> toml_stray_line(std::string_view source);

}  // namespace anjungan::record
