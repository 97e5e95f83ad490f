// SPDX-License-Identifier: Apache-2.0
// A text that somebody typed or that opens a report: overwritten where it lay as soon as it is replaced or goes.
#pragma once

#include <string>
#include <string_view>

#include "sync/record/keys.h"

namespace anjungan::record {

class SecretText {
 public:
  SecretText() = default;
  SecretText(std::string text) {  // NOLINT(google-explicit-constructor)
    m_text.swap(text);
    wipe(text);
  }
  SecretText(const char* text) : m_text(text) {}  // NOLINT(google-explicit-constructor)
  SecretText(const SecretText& other) = default;
  SecretText(SecretText&& other) noexcept { m_text.swap(other.m_text); }
  SecretText& operator=(SecretText other) noexcept {
    m_text.swap(other.m_text);
    return *this;
  }
  ~SecretText() { wipe(m_text); }

  [[nodiscard]] const std::string& str() const { return m_text; }
  [[nodiscard]] bool empty() const { return m_text.empty(); }

  bool operator==(const SecretText&) const = default;

 private:
  std::string m_text;
};

}  // namespace anjungan::record
