// SPDX-License-Identifier: Apache-2.0
// What an administrator should look at, as pure rules: from what the store says now, and since when it has said so, to
// the alarms that are open.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sync/central/store/store.h"
#include "sync/record/calendar.h"

namespace anjungan::central {

enum class AlarmKind {
  loss,         ///< a genuine receipt's event was confirmed and is not here
  locked,       ///< two disks have written under one terminal's name
  gap,          ///< events behind a hole are here, the hole stays
  waiting,      ///< the terminal is in touch and holds events that do not get here
  silent,       ///< nothing heard from the terminal
  quarantine,   ///< events were set aside lately
  clock,        ///< the terminal's clock is wrong
  numbers,      ///< the terminal's running numbers end soon
  attachments,  ///< attachments that were named do not come
  disk,         ///< the centre's disk is nearly full
  backup,       ///< no backup lately
  audit,        ///< the store was not verified lately, or something was found
};
inline constexpr std::size_t k_alarm_kinds = 12;
[[nodiscard]] const char* alarm_name(AlarmKind kind);

/// Durations in milliseconds.
struct WatchOptions {
  std::int64_t silent_after = 24LL * 3'600'000;        ///< of working days: a closed hall is not silent
  std::set<std::string> by_courier;                    ///< terminals without a network: a stick is brought now and then
  std::int64_t courier_after = 14LL * 24 * 3'600'000;  ///< theirs, of working days too
  std::int64_t gap_after = 15LL * 60'000;
  std::int64_t waiting_after = 60LL * 60'000;
  std::int64_t attachments_after = 3LL * 86'400'000;
  std::int64_t quarantine_for = 3LL * 86'400'000;  ///< how long one that has grown is told
  std::int64_t clock_off = 5LL * 60'000;
  std::int64_t backup_after = 2LL * 86'400'000;  ///< 0: somebody else watches it
  std::int64_t verify_after = 7LL * 86'400'000;  ///< 0: the same
  std::uint64_t disk_low_bytes = 2ULL << 30U;
  std::uint32_t numbers_from = 990'000;
};

struct Alarm {
  AlarmKind kind = AlarmKind::silent;
  std::string device;  ///< empty: the centre itself
  std::string office;
  std::int64_t since_ms = 0;
  std::string text;
  std::string remedy;
};

/// A genuine receipt that a person showed, and that the store does not know though its event was confirmed.
struct Loss {
  std::string device;
  std::uint64_t seq = 0;
  std::int64_t since_ms = 0;
  std::string number;
  record::Hash secret_hash{};
};

struct Verified {
  std::int64_t at_ms = 0;
  bool sound = true;
};

struct WatchFacts {
  std::vector<Device> devices;
  std::vector<Loss> losses;
  std::map<std::string, MissingAttachments, std::less<>> missing;  ///< by terminal
  std::map<std::string, std::uint32_t, std::less<>> running;       ///< highest running number, where it is near the end
  std::optional<std::uint64_t> free_bytes;
  bool backs_up = true;        ///< the store is backed up through this program
  std::int64_t backup_ms = 0;  ///< 0 = never
  std::optional<Verified> verified;
};

/// Something that holds now; an alarm once it has for long enough.
struct Condition {
  Alarm alarm;                   ///< since_ms 0: since it was first seen
  std::uint64_t occurrence = 0;  ///< another one begins anew
  std::int64_t patience = 0;     ///< from when it began until it is an alarm
  std::int64_t holds_until = 0;  ///< up to when it is known to hold
  std::int64_t life = 0;         ///< from when it began until it is none any more; 0: as long as it holds
};

[[nodiscard]] std::vector<Condition> conditions(const WatchFacts& facts, const WatchOptions& options,
                                                const record::Holidays& holidays, std::int64_t now_ms);

/// Whether more than `limit` of working days' time has passed between two moments.
[[nodiscard]] bool longer_than(std::int64_t limit, std::int64_t from_ms, std::int64_t to_ms,
                               const record::Holidays& holidays);

/// What is remembered of conditions, so that "since" outlives a restart and each begin and end is told once.
struct Seen {
  AlarmKind kind = AlarmKind::silent;
  std::string device;
  std::uint64_t occurrence = 0;
  std::int64_t since_ms = 0;
  bool open = false;  ///< it is told as an alarm
};

struct Look {
  std::vector<Alarm> open;  ///< by kind, then terminal
  std::vector<Alarm> begun;
  std::vector<Seen> ended;
  std::vector<Seen> memory;  ///< for the next look
};
/// What a centre remembers that has never looked: what was set aside before there was a memory is no news.
[[nodiscard]] std::vector<Seen> first_memory(const WatchFacts& facts);
[[nodiscard]] Look look(std::vector<Condition> now_holding, const std::vector<Seen>& memory, std::int64_t now_ms);

/// As the store keeps them: a line each. A line that cannot be read is left out: it is then seen anew.
[[nodiscard]] std::string write_seen(const std::vector<Seen>& memory);
[[nodiscard]] std::vector<Seen> read_seen(std::string_view text);
[[nodiscard]] std::string write_losses(const std::vector<Loss>& losses);
[[nodiscard]] std::vector<Loss> read_losses(std::string_view text);

}  // namespace anjungan::central
