// SPDX-License-Identifier: Apache-2.0
// Centre: what there is to look at, gathered from the store (watch/alarms.h has the rules).
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

#include "sync/central/ingest/centre.h"
#include "sync/record/tracking_number.h"
#include "sync/store/files.h"

namespace anjungan::central {

using record::Result;

namespace {

constexpr std::string_view k_alarms_key = "alarms";
constexpr std::string_view k_losses_key = "losses";
constexpr std::string_view k_accepted_key = "losses_accepted";
constexpr std::string_view k_backup_key = "backup";
constexpr std::string_view k_verified_key = "verified";
/// More than that of lost reports is one catastrophe, not many.
constexpr std::size_t k_most_losses = 1'000;
constexpr std::size_t k_most_named = 20;
/// Each complaint has an event of its own, so a terminal with fewer has running numbers left.
constexpr std::uint64_t k_few_events = 900'000;
constexpr std::size_t k_page = 500;
constexpr int k_pages = 20;

Result<std::string> text_meta(Reader& in, std::string_view key) {
  auto entry = in.meta(key);
  if (!entry) return tl::unexpected(entry.error());
  return *entry ? record::to_text(**entry) : std::string();
}

std::int64_t number_of(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

/// The running number of the newest complaint, by its event.
Result<std::uint32_t> last_running(Reader& in, const Device& device) {
  std::uint64_t end = device.stored_seq;
  for (int page = 0; page < k_pages && end > 0; page++) {
    const std::uint64_t after = end > k_page ? end - k_page : 0;
    auto rows = in.events(device.id.str(), after, k_page);
    if (!rows) return tl::unexpected(rows.error());
    for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
      const auto event = record::parse_event(row->bytes);
      if (!event || event->type != record::EventType::complaint_created) continue;
      const auto facts = record::complaint_facts(event->facts);
      if (facts) return facts->number.running;
    }
    end = after;
  }
  return 0;
}

struct NotedLosses {
  std::vector<Loss> open;
  std::vector<Loss> accepted;  ///< by an administrator, and then; oldest first
};

Result<NotedLosses> noted_losses(Reader& in) {
  auto open = text_meta(in, k_losses_key);
  if (!open) return tl::unexpected(open.error());
  auto accepted = text_meta(in, k_accepted_key);
  if (!accepted) return tl::unexpected(accepted.error());
  return NotedLosses{read_losses(*open), read_losses(*accepted)};
}

Result<void> keep_losses(Writer& out, const NotedLosses& losses) {
  const std::string open = write_losses(losses.open);
  const std::string accepted = write_losses(losses.accepted);
  if (auto set = out.set_meta(k_losses_key, record::view_of(open)); !set) return set;
  return out.set_meta(k_accepted_key, record::view_of(accepted));
}

/// Takes out those that the store has found again, with a line in the audit each; whether there was any.
Result<bool> drop_found(Writer& out, std::vector<Loss>& noted, std::string_view word, std::int64_t now_ms) {
  std::vector<Loss> standing;
  for (const Loss& one : noted) {
    auto receipt = out.receipt(one.number, one.secret_hash);
    if (!receipt) return tl::unexpected(receipt.error());
    if (!*receipt) {
      standing.push_back(one);
      continue;
    }
    const AuditRow row{now_ms, "centre", fmt::format("{}: the report of receipt {} is here", word, one.number)};
    if (auto put = out.add_audit(row); !put) return tl::unexpected(put.error());
  }
  const bool any = standing.size() != noted.size();
  noted = std::move(standing);
  return any;
}

Result<std::vector<Loss>> standing_losses(Writer& out, std::int64_t now_ms) {
  auto noted = noted_losses(out);
  if (!noted) return tl::unexpected(noted.error());
  auto over = drop_found(out, noted->open, "loss alarm over", now_ms);
  if (!over) return tl::unexpected(over.error());
  // Lost once more, it is a second alarm.
  auto after_all = drop_found(out, noted->accepted, "accepted as lost, and found", now_ms);
  if (!after_all) return tl::unexpected(after_all.error());
  if (*over || *after_all) {
    if (auto kept = keep_losses(out, *noted); !kept) return tl::unexpected(kept.error());
  }
  return std::move(noted->open);
}

/// The numbers of open losses, once each, for an administrator who named another one.
std::string numbers_of(const std::vector<Loss>& open) {
  std::set<std::string> numbers;
  for (const Loss& one : open) numbers.insert(one.number);
  if (numbers.empty()) return "there is none";
  std::string out = "there are those of";
  std::size_t shown = 0;
  for (const std::string& one : numbers) {
    if (shown++ == k_most_named) return fmt::format("{} and {} more", out, numbers.size() - k_most_named);
    out += " " + one;
  }
  return out;
}

/// What takes long in a large store, so never where records wait behind it.
Result<WatchFacts> gather(Reader& in, const WatchOptions& options) {
  WatchFacts facts;
  auto devices = in.devices();
  if (!devices) return tl::unexpected(devices.error());
  facts.devices = std::move(*devices);
  auto missing = in.missing_attachments();
  if (!missing) return tl::unexpected(missing.error());
  for (MissingAttachments& one : *missing) {
    const std::string device = one.device;
    facts.missing.emplace(device, std::move(one));
  }
  for (const Device& one : facts.devices) {
    if (one.stored_seq < std::min<std::uint64_t>(k_few_events, options.numbers_from)) continue;
    auto running = last_running(in, one);
    if (!running) return tl::unexpected(running.error());
    facts.running[one.id.str()] = *running;
  }
  auto backup = text_meta(in, k_backup_key);
  if (!backup) return tl::unexpected(backup.error());
  facts.backup_ms = number_of(*backup);
  auto verified = text_meta(in, k_verified_key);
  if (!verified) return tl::unexpected(verified.error());
  if (!verified->empty()) facts.verified = Verified{number_of(*verified), verified->find("sound") != std::string::npos};
  return facts;
}

}  // namespace

void Centre::watch(const WatchOptions& options) { m_watch_options = options; }

Result<std::vector<Alarm>> Centre::look_for_alarms() {
  // A look that read earlier must not tell later: what it had seen would be news again.
  const std::lock_guard one_at_a_time(m_look_mutex);
  const std::int64_t now = m_clock.unix_ms();
  Look found;
  WatchFacts facts;
  auto gathered = m_store->read([&](Reader& in) -> Result<void> {
    auto read = gather(in, m_watch_options);
    if (!read) return tl::unexpected(read.error());
    facts = std::move(*read);
    return {};
  });
  if (!gathered) {
    spdlog::error("alarms: the store could not be looked at: {}", gathered.error().text);
    return tl::unexpected(gathered.error());
  }
  facts.backs_up = m_store->backs_up();
  if (const auto free = store::free_bytes(m_data_folder)) facts.free_bytes = *free;
  auto done = m_store->write([&](Writer& out) -> Result<void> {
    // Of several instances one tells of each begin and end.
    if (auto locked = out.lock(k_alarms_key); !locked) return locked;
    auto losses = standing_losses(out, now);
    if (!losses) return tl::unexpected(losses.error());
    facts.losses = std::move(*losses);
    auto before = out.meta(k_alarms_key);
    if (!before) return tl::unexpected(before.error());
    const std::string remembered = *before ? record::to_text(**before) : std::string();
    found = look(conditions(facts, m_watch_options, m_catalogue.holidays, now),
                 *before ? read_seen(remembered) : first_memory(facts), now);
    const std::string memory = write_seen(found.memory);
    if (*before && memory == remembered) return {};
    // An empty one too: somebody has looked.
    return out.set_meta(k_alarms_key, record::view_of(memory));
  });
  if (!done) {
    spdlog::error("alarms: the store could not be looked at: {}", done.error().text);
    return tl::unexpected(done.error());
  }
  for (const Alarm& one : found.begun) {
    spdlog::warn("alarm begins: kind={} terminal={} since={} text=\"{}\"", alarm_name(one.kind),
                 one.device.empty() ? "-" : one.device, record::rfc3339(one.since_ms), one.text);
  }
  for (const Seen& one : found.ended) {
    spdlog::info("alarm ends: kind={} terminal={} since={}", alarm_name(one.kind),
                 one.device.empty() ? "-" : one.device, record::rfc3339(one.since_ms));
  }
  const std::lock_guard guard(m_watched_mutex);
  m_watched = {now, found.open};
  return found.open;
}

Centre::Watched Centre::watched() const {
  const std::lock_guard guard(m_watched_mutex);
  return m_watched;
}

Result<void> Centre::note_loss(const Loss& loss) {
  auto done = m_store->write([&](Writer& out) -> Result<void> {
    if (auto locked = out.lock(k_alarms_key); !locked) return locked;
    auto noted = noted_losses(out);
    if (!noted) return tl::unexpected(noted.error());
    const auto same = [&](const Loss& one) { return one.device == loss.device && one.seq == loss.seq; };
    const auto same_report = [&](const Loss& one) { return one.number == loss.number; };
    if (std::ranges::any_of(noted->open, same) || std::ranges::any_of(noted->accepted, same_report)) return {};
    if (noted->open.size() >= k_most_losses) return {};
    noted->open.push_back(loss);
    if (auto kept = keep_losses(out, *noted); !kept) return kept;
    return out.add_audit({loss.since_ms, "centre",
                          fmt::format("loss alarm: receipt {} is genuine, event {} of {} was confirmed and is not here",
                                      loss.number, loss.seq, loss.device)});
  });
  if (!done) spdlog::error("a loss alarm could not be kept: {}", done.error().text);
  return done;
}

Result<std::string> Centre::accept_loss(std::string_view typed, const std::string& who) {
  const auto parsed = record::TrackingNumber::parse(typed);
  if (!parsed) return tl::unexpected(parsed.error());
  const std::string number = parsed->str();
  const std::int64_t now = m_clock.unix_ms();
  auto done = m_store->write([&](Writer& out) -> Result<void> {
    if (auto locked = out.lock(k_alarms_key); !locked) return locked;
    auto noted = noted_losses(out);
    if (!noted) return tl::unexpected(noted.error());
    std::vector<Loss>& accepted = noted->accepted;
    const auto first = std::stable_partition(noted->open.begin(), noted->open.end(),
                                             [&](const Loss& one) { return one.number != number; });
    if (first == noted->open.end()) {
      const bool before = std::ranges::any_of(accepted, [&](const Loss& one) { return one.number == number; });
      return record::fail(
          record::ErrorKind::not_found,
          fmt::format("number: {} no open loss alarm; {}", number + (before ? " was accepted before and has" : " has"),
                      numbers_of(noted->open)));
    }
    for (auto one = first; one != noted->open.end(); ++one) {
      const AuditRow row{now, who,
                         fmt::format("accepted as lost: the report of receipt {}, event {} of {}", one->number,
                                     one->seq, one->device)};
      if (auto put = out.add_audit(row); !put) return put;
      one->since_ms = now;
      accepted.push_back(*one);
    }
    noted->open.erase(first, noted->open.end());
    // Of one that is forgotten here the alarm begins again when somebody shows its receipt.
    if (accepted.size() > k_most_losses) {
      accepted.erase(accepted.begin(), accepted.end() - static_cast<std::ptrdiff_t>(k_most_losses));
    }
    return keep_losses(out, *noted);
  });
  if (!done) return tl::unexpected(done.error());
  return number;
}

Result<void> Centre::note_backup(Writer& out, std::int64_t at_ms) {
  return out.set_meta(k_backup_key, record::view_of(std::to_string(at_ms)));
}

Result<void> Centre::note_verified(bool sound) {
  const std::string text = fmt::format("{} {}", m_clock.unix_ms(), sound ? "sound" : "findings");
  return m_store->write([&](Writer& out) { return out.set_meta(k_verified_key, record::view_of(text)); });
}

}  // namespace anjungan::central
