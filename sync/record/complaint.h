// SPDX-License-Identifier: Apache-2.0
// What a citizen hands in, before it becomes an event: plain fields with their bounds and checks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/calendar.h"
#include "sync/record/clock.h"

namespace anjungan::record {

/// open: name shown to the agency. anonymous: name hidden from the public and from the agency reported on.
/// confidential: the whole report is hidden from the public.
enum class Privacy { open, anonymous, confidential };
[[nodiscard]] const char* privacy_name(Privacy value);
[[nodiscard]] Result<Privacy> parse_privacy(std::string_view name);

/// The fields a person types or chooses. Their names are the keys of the sealed part and of error messages.
enum class Field { story, place, when, who, how, name, phone, nik, address };
[[nodiscard]] const char* field_name(Field field);

/// Most code points a field may have.
[[nodiscard]] std::size_t field_limit(Field field);

/// A complaint as handed over by the kiosk. Texts are UTF-8; the destructor wipes them.
struct Complaint {
  Complaint() = default;
  Complaint(const Complaint&) = default;
  Complaint(Complaint&&) = default;
  Complaint& operator=(const Complaint&) = default;
  Complaint& operator=(Complaint&&) = default;
  ~Complaint();

  ComplaintClass kind = ComplaintClass::complaint;
  Privacy privacy = Privacy::open;
  Language language = Language::indonesian;
  std::string category;  ///< id of the city's catalogue, for example jalan.lubang
  std::string district;  ///< id of the catalogue, may be empty
  std::string village;   ///< id of the catalogue, may be empty

  std::string story;    ///< what happened; the one field that must not be empty
  std::string place;    ///< where, in the citizen's words
  std::string when;     ///< YYYY-MM-DD or the citizen's words; may be empty
  std::string who;      ///< which office or person; may be empty
  std::string how;      ///< how it should be put right; may be empty
  std::string name;     ///< needed unless anonymous
  std::string phone;    ///< may be empty
  std::string nik;      ///< 16 digits or empty
  std::string address;  ///< may be empty

  [[nodiscard]] const std::string& text(Field field) const;
  [[nodiscard]] std::string& text(Field field);
};

enum class Problem {
  empty,               ///< must be filled in
  too_long,            ///< more than field_limit code points
  not_text,            ///< not UTF-8, or has control characters other than line breaks
  not_digits,          ///< a character that is not a digit
  wrong_length,        ///< NIK without 16 digits; telephone number without 8 to 15
  impossible_date,     ///< the birth date in a NIK does not exist
  serial_zero,         ///< a NIK ending in 0000
  not_a_phone_number,  ///< does not start with 0, 62 or +62
};

struct FieldProblem {
  Field field = Field::story;
  Problem problem = Problem::empty;

  bool operator==(const FieldProblem&) const = default;
};

/// The problem of one field's text, whether or not the field is required. Empty optional fields have none.
[[nodiscard]] std::optional<Problem> check_field(Field field, std::string_view text);

/// Every problem, in the order of the fields: what is required (story; name unless anonymous) and what is malformed.
[[nodiscard]] std::vector<FieldProblem> check(const Complaint& complaint);

/// Code points of a UTF-8 text; nothing when it is not UTF-8 (overlong forms, surrogates and values above U+10FFFF
/// refused).
[[nodiscard]] std::optional<std::size_t> count_code_points(std::string_view text);

/// The first line's beginning, at most `most` code points, cut at a word with an ellipsis: the receipt's subject line.
[[nodiscard]] std::string subject_line(std::string_view story, std::size_t most);

}  // namespace anjungan::record
