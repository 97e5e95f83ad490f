// SPDX-License-Identifier: Apache-2.0
#include "sync/record/complaint.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "sync/record/keys.h"

namespace anjungan::record {
namespace {

constexpr std::array<Field, 9> k_fields = {Field::story, Field::place, Field::when, Field::who,    Field::how,
                                           Field::name,  Field::phone, Field::nik,  Field::address};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A NIK is region (6), birth date DDMMYY with 40 added to a woman's day, serial (4). Permendagri 102/2009.
std::optional<Problem> check_nik(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_digit)) return Problem::not_digits;
  if (text.size() != 16) return Problem::wrong_length;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const int day = two(6) > 40 ? two(6) - 40 : two(6);
  // The century is not in the number: 29 February counts when either century has it.
  if (!Date::exists(1900 + two(10), two(8), day) && !Date::exists(2000 + two(10), two(8), day)) {
    return Problem::impossible_date;
  }
  if (text.substr(12) == "0000") return Problem::serial_zero;
  return std::nullopt;
}

std::optional<Problem> check_phone(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (is_digit(c)) {
      digits.push_back(c);
    } else if (!(c == '+' && i == 0) && c != ' ' && c != '-' && c != '(' && c != ')') {
      return Problem::not_digits;
    }
  }
  if (digits.size() < 8 || digits.size() > 15) return Problem::wrong_length;
  const bool local = text.front() != '+' && digits.front() == '0';
  const bool country = digits.starts_with("62");
  if (!local && !country && !text.starts_with("(0")) return Problem::not_a_phone_number;
  return std::nullopt;
}

}  // namespace

const char* privacy_name(Privacy value) {
  switch (value) {
    case Privacy::open:
      return "open";
    case Privacy::anonymous:
      return "anonymous";
    case Privacy::confidential:
      return "confidential";
  }
  return "open";
}

Result<Privacy> parse_privacy(std::string_view name) {
  for (const auto value : {Privacy::open, Privacy::anonymous, Privacy::confidential}) {
    if (name == privacy_name(value)) return value;
  }
  return fail(ErrorKind::invalid, "privacy: must be open, anonymous or confidential");
}

const char* field_name(Field field) {
  switch (field) {
    case Field::story:
      return "story";
    case Field::place:
      return "place";
    case Field::when:
      return "when";
    case Field::who:
      return "who";
    case Field::how:
      return "how";
    case Field::name:
      return "name";
    case Field::phone:
      return "phone";
    case Field::nik:
      return "nik";
    case Field::address:
      return "address";
  }
  return "story";
}

std::size_t field_limit(Field field) {
  switch (field) {
    case Field::story:
      return 4'000;
    case Field::place:
      return 500;
    case Field::when:
      return 100;
    case Field::who:
      return 200;
    case Field::how:
      return 1'000;
    case Field::name:
      return 100;
    case Field::phone:
      return 20;
    case Field::nik:
      return 16;
    case Field::address:
      return 300;
  }
  return 0;
}

Complaint::~Complaint() {
  for (const Field field : k_fields) wipe(text(field));
}

const std::string& Complaint::text(Field field) const {
  switch (field) {
    case Field::story:
      return story;
    case Field::place:
      return place;
    case Field::when:
      return when;
    case Field::who:
      return who;
    case Field::how:
      return how;
    case Field::name:
      return name;
    case Field::phone:
      return phone;
    case Field::nik:
      return nik;
    case Field::address:
      return address;
  }
  return story;
}

std::string& Complaint::text(Field field) { return const_cast<std::string&>(std::as_const(*this).text(field)); }

std::optional<std::size_t> count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); count++) {
    for (std::uint64_t eight = 0; i + sizeof eight <= text.size(); i += sizeof eight, count += sizeof eight) {
      std::memcpy(&eight, text.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080) != 0) break;
    }
    if (i == text.size()) break;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned lead = byte(i);
    std::size_t more = 0;
    unsigned value = lead;
    unsigned least = 0;
    if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3, value = lead & 7, least = 0x10000;
    } else if (lead >= 0xe0 && lead < 0xf0) {
      more = 2, value = lead & 15, least = 0x800;
    } else if (lead >= 0xc2 && lead < 0xe0) {
      more = 1, value = lead & 31, least = 0x80;
    } else if (lead >= 0x80) {
      return std::nullopt;
    }
    if (i + more >= text.size()) return std::nullopt;
    for (std::size_t k = 1; k <= more; k++) {
      if ((byte(i + k) & 0xc0) != 0x80) return std::nullopt;
      value = value << 6 | (byte(i + k) & 63);
    }
    if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return std::nullopt;
    i += more + 1;
  }
  return count;
}

std::optional<Problem> check_field(Field field, std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto length = count_code_points(text);
  if (!length) return Problem::not_text;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7f) return Problem::not_text;
  }
  if (field == Field::nik) return check_nik(text);
  if (*length > field_limit(field)) return Problem::too_long;
  if (field == Field::phone) return check_phone(text);
  return std::nullopt;
}

std::vector<FieldProblem> check(const Complaint& complaint) {
  std::vector<FieldProblem> out;
  for (const Field field : k_fields) {
    const std::string& text = complaint.text(field);
    const bool blank = text.find_first_not_of(" \n") == std::string::npos;
    const bool needed = field == Field::story || (field == Field::name && complaint.privacy != Privacy::anonymous);
    if (needed && blank) {
      out.push_back({field, Problem::empty});
    } else if (const auto problem = check_field(field, text)) {
      out.push_back({field, *problem});
    }
  }
  return out;
}

std::string subject_line(std::string_view story, std::size_t most) {
  std::string flat;
  flat.reserve(story.size() + 3);  // growing would leave copies of it in freed memory
  for (const char c : story) {
    const char plain = c == '\n' ? ' ' : c;
    if (plain == ' ' && (flat.empty() || flat.back() == ' ')) continue;
    flat.push_back(plain);
  }
  while (!flat.empty() && flat.back() == ' ') flat.pop_back();
  std::size_t count = 0;
  std::size_t last_space = 0;
  for (std::size_t i = 0; i < flat.size(); i++) {
    if ((static_cast<unsigned char>(flat[i]) & 0xc0) == 0x80) continue;
    if (count == most) {
      flat.resize(last_space > i / 2 ? last_space : i);
      flat += "…";
      return flat;
    }
    if (flat[i] == ' ') last_space = i;
    count++;
  }
  return flat;
}

}  // namespace anjungan::record
