// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/enrol_code.h"

#include <algorithm>

#include "sync/record/access_code.h"

namespace anjungan::wire {
namespace {

constexpr std::string_view k_lookup_domain = "anjungan/enrol-id/1";
constexpr std::string_view k_mac_domain = "anjungan/enrol-mac/1";
constexpr std::size_t k_max_typed_bytes = 60;

// An enrolment code is an access code whose first two characters are zero and not written: leading zeros change neither
// the check characters nor what they catch (a shortened Reed-Solomon code).
constexpr std::string_view k_unwritten = "00";

}  // namespace

EnrolCode EnrolCode::random() {
  std::array<std::uint8_t, 14> data{};
  record::fill_random(std::span(data).subspan(k_unwritten.size()));
  for (std::uint8_t& value : data) value &= 31;
  return EnrolCode(record::AccessCode::from_data(data).compact().substr(k_unwritten.size()));
}

record::Result<EnrolCode> EnrolCode::parse(std::string_view text) {
  const auto fault = [](const char* why) {
    return record::fail(record::ErrorKind::invalid, std::string("enrolment code: ") + why);
  };
  const auto count = std::count_if(text.begin(), text.end(), [](char c) { return c != '-' && c != ' '; });
  if (text.size() > k_max_typed_bytes || count != 14) {
    return fault("it has 14 letters and digits, like 7K3M-9QXT-2B4D-KA");
  }
  const auto code = record::AccessCode::parse(std::string(k_unwritten) + std::string(text));
  if (!code) return fault("mistyped: a letter or digit is wrong; compare it with what the administrator gave you");
  return EnrolCode(code->compact().substr(k_unwritten.size()));
}

std::string EnrolCode::str() const {
  const std::string& all = m_characters;
  return all.substr(0, 4) + '-' + all.substr(4, 4) + '-' + all.substr(8, 4) + '-' + all.substr(12);
}

EnrolCode::LookupId EnrolCode::lookup_id() const {
  const record::Hash digest = record::hash_in(k_lookup_domain, record::view_of(m_characters));
  LookupId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

EnrolCode::MacKey EnrolCode::mac_key() const { return record::hash_in(k_mac_domain, record::view_of(m_characters)); }

}  // namespace anjungan::wire
