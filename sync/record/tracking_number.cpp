// SPDX-License-Identifier: Apache-2.0
#include "sync/record/tracking_number.h"

#include <fmt/format.h>

#include "sync/record/digits.h"

namespace anjungan::record {
namespace {

/// H. Michael Damm's quasigroup of order 10: no digit error and no swap of neighbours leaves the result unchanged.
constexpr std::uint8_t k_damm[10][10] = {
    {0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3}, {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
    {1, 7, 5, 0, 9, 8, 3, 4, 2, 6}, {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
    {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7}, {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
    {2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
};

std::uint8_t damm(std::string_view digits) {
  std::uint8_t interim = 0;
  for (const char c : digits) interim = k_damm[interim][static_cast<std::uint8_t>(c - '0')];
  return interim;
}

std::uint32_t number_of(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint32_t>(c - '0');
  return value;
}

}  // namespace

std::string TrackingNumber::digits() const {
  ANJUNGAN_CHECK(region <= 9999 && terminal <= 9999 && running <= k_last_running);
  std::string text;
  put_digits(text, region, 4);
  put_digits(text, terminal, 4);
  put_digits(text, running, 6);
  text.push_back(static_cast<char>('0' + damm(text)));
  return text;
}

std::string TrackingNumber::str() const {
  std::string out = digits();
  for (const std::size_t at : {14U, 8U, 4U}) out.insert(at, 1, '-');
  return out;
}

TrackingNumber::Packed TrackingNumber::packed() const {
  std::uint64_t value = (std::uint64_t{region} * 10'000 + terminal) * 1'000'000 + running;
  Packed out{};
  for (std::size_t i = out.size(); i-- > 0; value >>= 8) out[i] = static_cast<std::uint8_t>(value & 255);
  return out;
}

Result<TrackingNumber> TrackingNumber::unpack(const Packed& packed) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : packed) value = value << 8 | byte;
  if (value > 99'999'999'999'999) return fail(ErrorKind::invalid, "tracking number: more than 14 digits");
  TrackingNumber out;
  out.running = static_cast<std::uint32_t>(value % 1'000'000);
  out.terminal = static_cast<std::uint16_t>(value / 1'000'000 % 10'000);
  out.region = static_cast<std::uint16_t>(value / 10'000'000'000);
  if (out.running == 0) return fail(ErrorKind::invalid, "tracking number: running numbers start at 1");
  return out;
}

Result<TrackingNumber> TrackingNumber::parse(std::string_view text) {
  if (text.size() > 40) return fail(ErrorKind::invalid, "tracking number: too long; it has 15 digits");
  std::string all;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      all.push_back(c);
    } else if (c != '-' && c != ' ') {
      return fail(ErrorKind::invalid, "tracking number: only digits and dashes belong in it");
    }
  }
  if (all.size() != 15) {
    return fail(ErrorKind::invalid, fmt::format("tracking number: {} digits instead of 15", all.size()));
  }
  if (damm(all) != 0) return fail(ErrorKind::invalid, "tracking number: a digit is wrong or two are swapped");
  TrackingNumber out;
  const std::string_view view = all;
  out.region = static_cast<std::uint16_t>(number_of(view.substr(0, 4)));
  out.terminal = static_cast<std::uint16_t>(number_of(view.substr(4, 4)));
  out.running = number_of(view.substr(8, 6));
  if (out.running == 0) return fail(ErrorKind::invalid, "tracking number: running numbers start at 1");
  return out;
}

}  // namespace anjungan::record
