// SPDX-License-Identifier: Apache-2.0
// cupsd.conf and cups-files.conf as the scheduler reads them, held against what a receipt needs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anjungan::spool {

/// One file's directives outside of sections such as <Policy>. Names count in any case; of one that stands twice the
/// last word holds. What cannot be understood is passed over, as the scheduler does.
class CupsSettings {
 public:
  [[nodiscard]] static CupsSettings parse(std::string_view text);

  /// The text behind a directive's name.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  /// Seconds of a time such as 300, 5m, 3h, 1d or 1w; Yes is the longest, No and None 0; nothing for other words.
  [[nodiscard]] std::optional<std::int64_t> seconds(std::string_view name) const;

 private:
  std::map<std::string, std::string> m_words;  ///< by name in small letters
};

/// A setting with which receipts get lost.
struct LosingSetting {
  std::string file;  ///< "cupsd.conf" or "cups-files.conf"
  std::string line;  ///< what it should say: "MaxJobTime 0"
  std::string loss;  ///< what happens as it is
};

[[nodiscard]] std::vector<LosingSetting> losing_settings(const CupsSettings& cupsd, const CupsSettings& files);
/// How many settings are looked at.
[[nodiscard]] std::size_t settings_checked();

}  // namespace anjungan::spool
