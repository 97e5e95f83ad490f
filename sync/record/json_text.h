// SPDX-License-Identifier: Apache-2.0
// Writing JSON (RFC 8259) straight into a text: no tree, no copies of personal words in freed memory as long as the
// caller has reserved enough. Reading is the business of a library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace anjungan::record {

/// `text` in quotation marks; quotation mark, backslash and control characters escaped, everything else as it is.
/// The text is UTF-8; that is for the caller to check.
void put_json_string(std::string& out, std::string_view text);

/// `"name":`, after a comma unless `out` ends with an opening brace. `name` needs no escaping.
void put_json_name(std::string& out, std::string_view name);

/// `"name":"text"`
inline void put_json_member(std::string& out, std::string_view name, std::string_view text) {
  put_json_name(out, name);
  put_json_string(out, text);
}

/// `"name":value`
void put_json_number(std::string& out, std::string_view name, std::int64_t value);

}  // namespace anjungan::record
