// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/commands.h"

namespace anjungan::backend {
namespace {

constexpr std::size_t k_unknown = 0;

std::size_t gs_length(const Bytes& b, std::size_t i) {
  const auto byte = [&](std::size_t at) { return at < b.size() ? static_cast<std::size_t>(b[at]) : 0; };
  switch (byte(i + 1)) {
    case 'v':
      return 8 + (byte(i + 4) + 256 * byte(i + 5)) * (byte(i + 6) + 256 * byte(i + 7));
    case '(':
      return 5 + byte(i + 3) + 256 * byte(i + 4);
    case 'V':
      return byte(i + 2) >= 65 ? 4 : 3;
    case '!':
    case 'B':
    case 'a':
    case 'r':
    case 'h':
    case 'w':
      return 3;
    default:
      return k_unknown;
  }
}

std::size_t esc_length(const Bytes& b, std::size_t i) {
  switch (i + 1 < b.size() ? b[i + 1] : 0) {
    case '@':
    case '2':
      return 2;
    case '3':
    case 'J':
    case 'd':
    case 'a':
    case 'E':
    case '!':
    case 'M':
    case 't':
    case 'R':
    case '-':
      return 3;
    default:
      return k_unknown;
  }
}

}  // namespace

std::vector<std::size_t> boundaries(const Bytes& bytes) {
  std::vector<std::size_t> out;
  std::size_t at = 0;
  while (at < bytes.size()) {
    out.push_back(at);
    const std::size_t length = bytes[at] == 0x1d                                         ? gs_length(bytes, at)
                               : bytes[at] == 0x1b                                       ? esc_length(bytes, at)
                               : bytes[at] == '\n' || bytes[at] == 0 || bytes[at] >= ' ' ? 1
                                                                                         : k_unknown;
    if (length == k_unknown) break;
    at += length;
  }
  if (out.empty() || out.back() != bytes.size()) out.push_back(bytes.size());
  return out;
}

}  // namespace anjungan::backend
