// SPDX-License-Identifier: Apache-2.0
#include "sync/central/watch/alarms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "sync/record/clock.h"

namespace anjungan::central {
namespace {

constexpr std::array<const char*, k_alarm_kinds> k_names = {"loss",        "locked",     "gap",    "waiting",
                                                            "silent",      "quarantine", "clock",  "numbers",
                                                            "attachments", "disk",       "backup", "audit"};

/// Days turn at midnight of western Indonesian time; an hour or two more in the east changes no alarm that matters.
constexpr int k_day_offset_min = 420;
constexpr std::int64_t k_day_ms = 86'400'000;
constexpr std::int64_t k_minute_ms = 60'000;

std::string moment(std::int64_t unix_ms) { return unix_ms == 0 ? "never" : record::rfc3339(unix_ms); }

class Rules {
 public:
  Rules(const WatchFacts& facts, const WatchOptions& options, const record::Holidays& holidays, std::int64_t now_ms)
      : m_facts(facts), m_options(options), m_holidays(holidays), m_now(now_ms) {}

  std::vector<Condition> run() {
    for (const Loss& one : m_facts.losses) loss(one);
    for (const Device& one : m_facts.devices) {
      if (one.state == DeviceState::pending || one.state == DeviceState::revoked) continue;
      terminal(one);
    }
    centre();
    return std::move(m_out);
  }

 private:
  Condition& add(AlarmKind kind, const Device* device, std::string text, std::string remedy) {
    Condition one;
    one.alarm = {kind,
                 device == nullptr ? "" : device->id.str(),
                 device == nullptr ? "" : device->office,
                 0,
                 std::move(text),
                 std::move(remedy)};
    one.holds_until = m_now;
    m_out.push_back(std::move(one));
    return m_out.back();
  }

  void loss(const Loss& one) {
    const auto device = std::find_if(m_facts.devices.begin(), m_facts.devices.end(),
                                     [&](const Device& each) { return each.id.str() == one.device; });
    Condition& found =
        add(AlarmKind::loss, device == m_facts.devices.end() ? nullptr : &*device,
            fmt::format("receipt {} is genuine and its event {} was confirmed, but the report is not here", one.number,
                        one.seq),
            "run `central audit-verify`: is the event missing, restore the newest backup, and the terminal sends again "
            "what it still has; is it only set aside or not shown, run `central rebuild`; is it gone for good, accept "
            "that: `central alarms --accept " +
                one.number + "`");
    found.alarm.device = one.device;
    found.alarm.since_ms = one.since_ms;
    found.occurrence = one.seq;
  }

  void terminal(const Device& one) {
    if (one.state == DeviceState::locked) {
      add(AlarmKind::locked, &one, "two disks have written under its name; nothing of it is taken",
          "find and scrap the copy of its disk, then `central unlock` it; if it locks again at once, the two have made "
          "different events: enrol it anew, its own are in quarantine");
    } else {
      delivery(one);
    }
    if (one.quarantined > 0) {
      Condition& found = add(AlarmKind::quarantine, &one,
                             fmt::format("{} of its events were set aside, some of them lately", one.quarantined),
                             "read the centre's log for the reason; update the terminal's software if it is older");
      found.occurrence = one.quarantined;
      found.life = m_options.quarantine_for;
    }
    if (one.seen_ms != 0 && std::abs(one.clock_offset_ms) > m_options.clock_off) {
      const std::int64_t minutes = std::abs(one.clock_offset_ms) / k_minute_ms;
      add(AlarmKind::clock, &one,
          fmt::format("its clock is {} minutes {}", minutes, one.clock_offset_ms > 0 ? "behind" : "ahead"),
          "let it reach a time server; if it is wrong after each start, replace the battery of its clock");
    }
    if (const auto running = m_facts.running.find(one.id.str());
        running != m_facts.running.end() && running->second >= m_options.numbers_from) {
      add(AlarmKind::numbers, &one, fmt::format("it has used running number {} of 999999", running->second),
          "enrol it anew before they end: intake stops at 999999");
    }
    if (const auto missing = m_facts.missing.find(one.id.str()); missing != m_facts.missing.end()) {
      Condition& found = add(AlarmKind::attachments, &one,
                             fmt::format("{} attachments that its reports name have not come", missing->second.count),
                             "look at `anjunganctl status` there (attachments_waiting, attachments_lost) and at its "
                             "room here (--blob-quota-mib); a stick carries no attachments");
      found.occurrence = missing->second.oldest_seq;
      found.patience = m_options.attachments_after;
    }
  }

  void delivery(const Device& one) {
    const std::int64_t heard = std::max(one.seen_ms, one.enrolled_ms);
    const bool by_courier = m_options.by_courier.contains(one.id.str());
    if (longer_than(by_courier ? m_options.courier_after : m_options.silent_after, heard, m_now, m_holidays)) {
      Condition& found =
          add(AlarmKind::silent, &one,
              fmt::format("not heard of since {}; last event here {}", moment(one.seen_ms), one.acked_seq),
              by_courier ? "a courier is due: `anjunganctl export` there, `central import` here, and back"
                         : "is it on, and is its network? `anjunganctl status` and `anjunganctl doctor` there; or "
                           "bring its records on a stick (--courier, where that is the rule)");
      found.alarm.since_ms = heard;
    }
    if (one.stored_seq > one.acked_seq) {
      Condition& found = add(AlarmKind::gap, &one,
                             fmt::format("event {} is missing while {} is here", one.acked_seq + 1, one.stored_seq),
                             "it is asked for at each contact; if it stays, look for damage with `anjunganctl doctor` "
                             "there and send its folder `damaged-...`, if there is one, to support");
      found.occurrence = one.acked_seq + 1;
      found.patience = m_options.gap_after;
    } else if (one.told_seq > one.acked_seq) {
      Condition& found = add(
          AlarmKind::waiting, &one,
          fmt::format("it holds {} events that do not get here though it is in touch", one.told_seq - one.acked_seq),
          "look at last_error in `anjunganctl status` there, and at this centre's log");
      found.occurrence = one.acked_seq + 1;
      found.patience = m_options.waiting_after;
      found.holds_until = one.seen_ms;  // of a silent one nobody knows
    }
  }

  void centre() {
    if (m_facts.free_bytes && *m_facts.free_bytes < m_options.disk_low_bytes) {
      add(AlarmKind::disk, nullptr, fmt::format("only {} MiB are free", *m_facts.free_bytes >> 20U),
          "make room or enlarge the disk: attachments wait first, then records");
    }
    std::int64_t first = 0;
    for (const Device& one : m_facts.devices) {
      if (first == 0 || one.enrolled_ms < first) first = one.enrolled_ms;
    }
    if (first == 0) return;
    const std::int64_t backup = m_facts.backup_ms == 0 ? first : m_facts.backup_ms;
    if (m_facts.backs_up && m_options.backup_after > 0 && m_now - backup > m_options.backup_after) {
      Condition& found = add(AlarmKind::backup, nullptr, fmt::format("last backed up {}", moment(m_facts.backup_ms)),
                             "run `central backup TO` daily, and keep the folder on another machine");
      found.alarm.since_ms = backup;
    }
    if (m_options.verify_after <= 0) return;
    if (m_facts.verified && !m_facts.verified->sound) {
      Condition& found = add(AlarmKind::audit, nullptr, "the last `central audit-verify` found something",
                             "run it again and read its findings; keep the disk as it is");
      found.alarm.since_ms = m_facts.verified->at_ms;
    } else if (const std::int64_t at = m_facts.verified ? m_facts.verified->at_ms : first;
               m_now - at > m_options.verify_after) {
      Condition& found =
          add(AlarmKind::audit, nullptr, fmt::format("last verified {}", moment(m_facts.verified ? at : 0)),
              "run `central audit-verify --expect HEAD` and write its head down elsewhere");
      found.alarm.since_ms = at;
    }
  }

  const WatchFacts& m_facts;
  const WatchOptions& m_options;
  const record::Holidays& m_holidays;
  std::int64_t m_now;
  std::vector<Condition> m_out;
};

auto key_of(const Seen& one) { return std::tie(one.kind, one.device, one.occurrence); }

}  // namespace

const char* alarm_name(AlarmKind kind) { return k_names.at(static_cast<std::size_t>(kind)); }

bool longer_than(std::int64_t limit, std::int64_t from_ms, std::int64_t to_ms, const record::Holidays& holidays) {
  constexpr std::int64_t k_offset_ms = k_day_offset_min * k_minute_ms;
  std::int64_t passed = 0;
  for (std::int64_t at = from_ms; at < to_ms && passed <= limit;) {
    const std::int64_t day = (at + k_offset_ms) / k_day_ms;
    const std::int64_t end = std::min((day + 1) * k_day_ms - k_offset_ms, to_ms);
    if (record::is_working_day(record::Date::from_days(day), holidays)) passed += end - at;
    at = end;
  }
  return passed > limit;
}

std::vector<Condition> conditions(const WatchFacts& facts, const WatchOptions& options,
                                  const record::Holidays& holidays, std::int64_t now_ms) {
  return Rules(facts, options, holidays, now_ms).run();
}

std::vector<Seen> first_memory(const WatchFacts& facts) {
  std::vector<Seen> out;
  for (const Device& one : facts.devices) {
    // Since the beginning of time: longer than any alarm of it lives.
    if (one.quarantined > 0) out.push_back({AlarmKind::quarantine, one.id.str(), one.quarantined, 0, false});
  }
  return out;
}

Look look(std::vector<Condition> now_holding, const std::vector<Seen>& memory, std::int64_t now_ms) {
  std::map<std::tuple<AlarmKind, std::string, std::uint64_t>, Seen> before;
  for (const Seen& one : memory) before.emplace(key_of(one), one);
  Look out;
  for (Condition& one : now_holding) {
    Seen seen{one.alarm.kind, one.alarm.device, one.occurrence, one.alarm.since_ms, false};
    const auto known = before.find(key_of(seen));
    const bool was_open = known != before.end() && known->second.open;
    if (seen.since_ms == 0) seen.since_ms = known == before.end() ? now_ms : known->second.since_ms;
    one.alarm.since_ms = seen.since_ms;
    seen.open = (was_open || one.holds_until - seen.since_ms >= one.patience) &&
                (one.life == 0 || now_ms - seen.since_ms < one.life);
    if (seen.open) {
      out.open.push_back(one.alarm);
      if (!was_open) out.begun.push_back(one.alarm);
    } else if (was_open) {
      out.ended.push_back(known->second);
    }
    out.memory.push_back(std::move(seen));
    if (known != before.end()) before.erase(known);
  }
  for (const auto& [key, gone] : before) {
    if (gone.open) out.ended.push_back(gone);
  }
  std::sort(out.memory.begin(), out.memory.end(), [](const Seen& a, const Seen& b) { return key_of(a) < key_of(b); });
  std::stable_sort(out.open.begin(), out.open.end(), [](const Alarm& a, const Alarm& b) {
    return std::tie(a.kind, a.device) < std::tie(b.kind, b.device);
  });
  return out;
}

}  // namespace anjungan::central
