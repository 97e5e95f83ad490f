// SPDX-License-Identifier: Apache-2.0
// Times as Unix milliseconds, the three Indonesian zones, and how dates and times are written for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sync/record/calendar.h"

namespace anjungan::record {

/// Indonesia's zones have no daylight saving: an offset is the whole truth.
enum class Zone { wib, wita, wit };

[[nodiscard]] int utc_offset_min(Zone zone);     ///< 420, 480, 540
[[nodiscard]] const char* zone_name(Zone zone);  ///< WIB, WITA, WIT
[[nodiscard]] Result<Zone> parse_zone(std::string_view name);

enum class Language { indonesian, english };
[[nodiscard]] const char* language_code(Language language);  ///< id, en
[[nodiscard]] Result<Language> parse_language(std::string_view code);

/// A clock that says a time before this program was made is dead or was reset (1970).
[[nodiscard]] bool clock_is_sane(std::int64_t unix_ms);

[[nodiscard]] Date local_date(std::int64_t unix_ms, int offset_min);

/// "2026-11-21T10:32:07.123Z"
[[nodiscard]] std::string rfc3339(std::int64_t unix_ms);
/// Exactly the form that rfc3339 writes. Fails with `invalid`.
[[nodiscard]] Result<std::int64_t> parse_rfc3339(std::string_view text);

/// "Kamis, 3 September 2026" / "Thursday, 3 September 2026"
[[nodiscard]] std::string long_date(const Date& date, Language language);
/// "3 September 2026"
[[nodiscard]] std::string short_date(const Date& date, Language language);
/// "10.32 WIB" (Indonesian writes a full stop), "10:32 WIB" in English
[[nodiscard]] std::string time_of_day(std::int64_t unix_ms, Zone zone, Language language);

/// What the running machine says; injected so that tests can say it instead.
struct Clock {
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t unix_ms() const = 0;       ///< wall time
  [[nodiscard]] virtual std::int64_t monotonic_ms() const = 0;  ///< since boot
  [[nodiscard]] virtual std::string boot_id() const = 0;        ///< one value a boot
};

/// The operating system's clocks; boot id from /proc/sys/kernel/random/boot_id.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t unix_ms() const override;
  [[nodiscard]] std::int64_t monotonic_ms() const override;
  [[nodiscard]] std::string boot_id() const override;
};

}  // namespace anjungan::record
