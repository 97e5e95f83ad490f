// SPDX-License-Identifier: Apache-2.0
// The only file of this folder with a JSON library. nlohmann's cannot tell that a name stood twice, and asking for that
// by callback took most of the time that the centre spent on an event.
#include "sync/record/json_tree.h"

#include <simdjson.h>

#include <algorithm>

namespace anjungan::record {
namespace {

using Kind = JsonValue::Kind;
namespace dom = simdjson::dom;

bool read(const dom::element& from, std::size_t depth, JsonValue& out);

bool read_object(const dom::object& from, std::size_t depth, JsonValue& out) {
  out.kind = Kind::object;
  out.members.reserve(std::min(from.size(), k_most_json_members));
  for (const dom::key_value_pair field : from) {
    const auto same = [&field](const JsonMember& one) { return one.name == field.key; };
    if (out.members.size() == k_most_json_members || std::any_of(out.members.begin(), out.members.end(), same)) {
      return false;
    }
    JsonMember& member = out.members.emplace_back();
    member.name = field.key;
    if (!read(field.value, depth, member.value)) return false;
  }
  return true;
}

bool read_list(const dom::array& from, std::size_t depth, JsonValue& out) {
  out.kind = Kind::list;
  for (const dom::element one : from) {
    if (out.items.size() == k_most_json_members || !read(one, depth, out.items.emplace_back())) return false;
  }
  return true;
}

/// `depth`: objects and lists around it.
bool read(const dom::element& from, std::size_t depth, JsonValue& out) {
  switch (from.type()) {
    case dom::element_type::STRING:
      out.kind = Kind::text;
      out.text = from.get_string().value_unsafe();
      return true;
    case dom::element_type::INT64:
      out.whole = from.get_int64().value_unsafe();
      if (out.whole <= std::int64_t{1} << 62) out.kind = Kind::whole;
      return true;
    case dom::element_type::OBJECT:
      return depth < k_most_json_depth && read_object(from.get_object().value_unsafe(), depth + 1, out);
    case dom::element_type::ARRAY:
      return depth < k_most_json_depth && read_list(from.get_array().value_unsafe(), depth + 1, out);
    default:
      return true;
  }
}

}  // namespace

std::optional<JsonValue> parse_json_object(std::string_view text) {
  // The library copies from the text's address even when there is nothing to copy.
  if (text.empty()) return std::nullopt;
  // Newer versions of the library pass over a byte order mark, older ones do not; the format has none.
  if (text.starts_with("\xef\xbb\xbf")) return std::nullopt;
  dom::parser parser;  // one for each text: what it holds may be personal
  dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  JsonValue out;
  if (!root.is_object() || !read(root, 0, out)) return std::nullopt;
  return out;
}

}  // namespace anjungan::record
