// SPDX-License-Identifier: Apache-2.0
// Where ESC/POS bytes may be interrupted by a question.
#pragma once

#include <cstdint>
#include <vector>

namespace anjungan::backend {

using Bytes = std::vector<std::uint8_t>;

/// The starts of commands, ascending, and the end: between two of them lies a picture or a parameter in which three
/// bytes more would shift the print. Behind a command that is not known only the end is safe.
[[nodiscard]] std::vector<std::size_t> boundaries(const Bytes& bytes);

}  // namespace anjungan::backend
