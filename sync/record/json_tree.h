// SPDX-License-Identifier: Apache-2.0
// Reading JSON (RFC 8259) of the strict kind that this project writes: an object in which no name stands twice. What a
// format of ours could never hold is refused while it is read, before it costs memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anjungan::record {

struct JsonMember;

/// One value. Literals, fractions and numbers over 2^62 are `other`: no format of ours holds them.
struct JsonValue {
  enum class Kind { other, text, whole, object, list };
  Kind kind = Kind::other;
  std::string text;
  std::int64_t whole = 0;
  std::vector<JsonMember> members;  ///< of an object, in the order of the text
  std::vector<JsonValue> items;     ///< of a list
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

/// Members of one object and items of one list, and objects and lists in one another.
inline constexpr std::size_t k_most_json_members = 64;
inline constexpr std::size_t k_most_json_depth = 6;

/// Nullopt when it is no such JSON object, has a name twice, is not UTF-8, exceeds a bound, or does not end with the
/// text.
[[nodiscard]] std::optional<JsonValue> parse_json_object(std::string_view text);

}  // namespace anjungan::record
