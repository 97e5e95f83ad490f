// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "sync/record/event.h"

namespace anjungan::record {
namespace {

/// Reads facts and remembers the first error, so that the caller checks once.
class Reader {
 public:
  explicit Reader(const Facts& facts) : m_facts(facts) {}

  std::string text(std::string_view key, bool required = true) {
    const auto found = m_facts.find(key);
    if (found != m_facts.end()) return found->second;
    if (required) refuse(std::string(key) + ": missing");
    return {};
  }

  template <class T>
  T value(std::string_view key, Result<T> result) {
    if (result) return *result;
    refuse(std::string(key) + ": " + result.error().text);
    return T{};
  }

  long number(std::string_view key, long least, long most) {
    const std::string digits = text(key);
    long out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (error != std::errc{} || end != digits.data() + digits.size() || out < least || out > most) {
      refuse(std::string(key) + ": not a number in range");
      return least;
    }
    return out;
  }

  template <std::size_t N>
  std::array<std::uint8_t, N> hex(std::string_view key) {
    auto bytes = from_hex(text(key));
    if (!bytes || bytes->size() != N) {
      refuse(std::string(key) + ": not " + std::to_string(N) + " bytes in hexadecimal");
      return {};
    }
    std::array<std::uint8_t, N> out{};
    std::copy_n(bytes->begin(), N, out.begin());
    return out;
  }

  void refuse(std::string text) {
    if (!m_error) m_error = Error{ErrorKind::invalid, std::move(text)};
  }

  [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

 private:
  const Facts& m_facts;
  std::optional<Error> m_error;
};

}  // namespace

Facts to_facts(const ComplaintFacts& facts) {
  Facts out;
  out["number"] = facts.number.str();
  out["class"] = class_name(facts.kind);
  out["privacy"] = privacy_name(facts.privacy);
  out["lang"] = language_code(facts.language);
  out["channel"] = facts.channel;
  out["category"] = facts.category;
  if (!facts.district.empty()) out["district"] = facts.district;
  if (!facts.village.empty()) out["village"] = facts.village;
  out["code_hash"] = to_hex(facts.code_hash);
  out["secret_hash"] = to_hex(facts.secret_hash);
  out["receipt_key"] = to_hex(facts.receipt_key);
  out["attachments"] = std::to_string(facts.attachments);
  out["utc_offset_min"] = std::to_string(facts.utc_offset_min);
  if (facts.due) {
    out["due_verify"] = facts.due->verify.str();
    out["due_answer"] = facts.due->answer.str();
    out["due_close"] = facts.due->close.str();
    out["due_ombudsman"] = facts.due->ombudsman.str();
  }
  return out;
}

Result<ComplaintFacts> complaint_facts(const Facts& facts) {
  Reader in(facts);
  ComplaintFacts out;
  out.number = in.value("number", TrackingNumber::parse(in.text("number")));
  out.kind = in.value("class", parse_class(in.text("class")));
  out.privacy = in.value("privacy", parse_privacy(in.text("privacy")));
  out.language = in.value("lang", parse_language(in.text("lang")));
  out.channel = in.text("channel");
  out.category = in.text("category");
  out.district = in.text("district", false);
  out.village = in.text("village", false);
  out.code_hash = in.hex<32>("code_hash");
  out.secret_hash = in.hex<32>("secret_hash");
  out.receipt_key = in.hex<4>("receipt_key");
  out.attachments = static_cast<std::uint32_t>(in.number("attachments", 0, 1'000));
  out.utc_offset_min = static_cast<int>(in.number("utc_offset_min", -720, 840));
  if (facts.contains("due_verify")) {
    DueDates due;
    due.verify = in.value("due_verify", Date::parse(in.text("due_verify")));
    due.answer = in.value("due_answer", Date::parse(in.text("due_answer")));
    due.close = in.value("due_close", Date::parse(in.text("due_close")));
    due.ombudsman = in.value("due_ombudsman", Date::parse(in.text("due_ombudsman")));
    out.due = due;
  }
  if (in.error()) return tl::unexpected(*in.error());
  return out;
}

}  // namespace anjungan::record
