// SPDX-License-Identifier: Apache-2.0
#include "sync/store/staff_pin.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "sync/record/keys.h"
#include "sync/store/files.h"

namespace anjungan::store {
namespace {

using record::ErrorKind;
using record::fail;

constexpr int k_free_tries = 5;
constexpr std::int64_t k_first_wait_ms = 60'000;
constexpr std::int64_t k_longest_wait_ms = 3'600'000;

std::string path_of(const std::string& data_folder) { return data_folder + "/keys/staff.pin"; }

bool digits_only(std::string_view pin) {
  return std::all_of(pin.begin(), pin.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// 000000, 123456, 987654: each digit differs from the one before by the same 0, 1 or -1.
bool obvious(std::string_view pin) {
  for (const int step : {0, 1, -1}) {
    bool all = true;
    for (std::size_t i = 1; i < pin.size(); i++) all = all && (pin[i] - pin[i - 1] + 10) % 10 == (step + 10) % 10;
    if (all) return true;
  }
  return false;
}

}  // namespace

record::Result<void> set_staff_pin(const std::string& data_folder, std::string_view pin) {
  if (pin.size() < k_least_pin_digits || pin.size() > k_most_pin_digits || !digits_only(pin)) {
    return fail(ErrorKind::invalid, fmt::format("PIN: must be {} to {} digits", k_least_pin_digits, k_most_pin_digits));
  }
  if (obvious(pin)) return fail(ErrorKind::invalid, "PIN: everybody tries these digits first; choose others");
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (sodium_init() < 0 || crypto_pwhash_str(hash.data(), pin.data(), pin.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                             crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    return fail(ErrorKind::full, "PIN: there is no memory to hash it");
  }
  if (auto made = make_folder(data_folder + "/keys"); !made) return made;
  return write_file(path_of(data_folder), record::view_of(std::string_view(hash.data())), 0600);
}

record::Result<void> check_staff_pin(const std::string& data_folder, std::string_view pin) {
  auto bytes = read_file(path_of(data_folder), crypto_pwhash_STRBYTES);
  if (!bytes) return tl::unexpected(bytes.error());
  if (pin.size() > k_most_pin_digits || !digits_only(pin)) return fail(ErrorKind::denied, "PIN: wrong");
  // The library wants the whole array, ended by a zero.
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  std::copy_n(bytes->begin(), std::min(bytes->size(), hash.size() - 1), hash.begin());
  const bool right = sodium_init() >= 0 && crypto_pwhash_str_verify(hash.data(), pin.data(), pin.size()) == 0;
  if (!right) return fail(ErrorKind::denied, "PIN: wrong");
  return {};
}

std::int64_t PinGuard::wait_ms(std::int64_t now_ms) const {
  return std::max<std::int64_t>(0, m_closed_until_ms - now_ms);
}

void PinGuard::wrong(std::int64_t now_ms) {
  m_wrong++;
  if (m_wrong < k_free_tries) return;
  const int doublings = std::min(m_wrong - k_free_tries, 10);
  m_closed_until_ms = now_ms + std::min(k_longest_wait_ms, k_first_wait_ms << doublings);
}

}  // namespace anjungan::store
