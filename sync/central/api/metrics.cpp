// SPDX-License-Identifier: Apache-2.0
#include "sync/central/api/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sync/central/ingest/centre.h"

namespace anjungan::central {

std::string metrics_text(const HttpCounters& http, const Centre& centre) {
  std::string out;
  const auto head = [&](const char* name, const char* type, const char* help) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  };
  const IngestCounters& ingest = centre.counters();
  head("anjungan_http_connections", "gauge", "Open connections.");
  out += fmt::format("anjungan_http_connections {}\n", http.connections.load());
  head("anjungan_http_refused_total", "counter", "Requests told to come back later (503).");
  out += fmt::format("anjungan_http_refused_total {}\n", http.refused.load());
  head("anjungan_http_answers_total", "counter", "Answers by class of status.");
  for (std::size_t digit = 1; digit < http.answers.size(); digit++) {
    out += fmt::format("anjungan_http_answers_total{{status=\"{}xx\"}} {}\n", digit, http.answers[digit].load());
  }
  head("anjungan_http_handling_seconds_total", "counter", "Time that requests were worked on.");
  out += fmt::format("anjungan_http_handling_seconds_total {:.6f}\n", static_cast<double>(http.handling_us) / 1e6);
  head("anjungan_sync_batches_total", "counter", "Batches of terminals that were acknowledged.");
  out += fmt::format("anjungan_sync_batches_total {}\n", ingest.batches.load());
  head("anjungan_sync_batches_failed_total", "counter", "Batches that the store could not take.");
  out += fmt::format("anjungan_sync_batches_failed_total {}\n", ingest.failed.load());
  head("anjungan_sync_events_total", "counter", "Events by what became of them.");
  constexpr std::array<const char*, 5> k_results = {"", "stored", "duplicate", "conflict", "quarantined"};
  for (std::size_t result = 1; result < k_results.size(); result++) {
    out += fmt::format("anjungan_sync_events_total{{result=\"{}\"}} {}\n", k_results[result],
                       ingest.events[result].load());
  }
  head("anjungan_blobs_held_total", "counter", "Attachments that have become whole.");
  out += fmt::format("anjungan_blobs_held_total {}\n", ingest.blobs_held.load());
  head("anjungan_blob_bytes_total", "counter", "Bytes of attachments that were taken.");
  out += fmt::format("anjungan_blob_bytes_total {}\n", ingest.blob_bytes.load());
  head("anjungan_blobs_failed_total", "counter", "Pieces of attachments that could not be taken.");
  out += fmt::format("anjungan_blobs_failed_total {}\n", ingest.blobs_failed.load());
  head("anjungan_loss_alarms_total", "counter", "Genuine receipts whose confirmed event is not here.");
  out += fmt::format("anjungan_loss_alarms_total {}\n", ingest.loss_alarms.load());
  head("anjungan_key_changes_total", "counter", "Terminals that changed their keys.");
  out += fmt::format("anjungan_key_changes_total {}\n", ingest.key_changes.load());
  head("anjungan_key_changes_refused_total", "counter",
       "Changes of keys that were refused: somebody may hold old ones.");
  out += fmt::format("anjungan_key_changes_refused_total {}\n", ingest.key_changes_refused.load());
  head("anjungan_stale_receipts_total", "counter", "Looked-up receipts signed with a receipt key put away before.");
  out += fmt::format("anjungan_stale_receipts_total {}\n", ingest.stale_receipts.load());
  head("anjungan_code_misses_total", "counter",
       "Access codes that opened nothing: many at once are somebody guessing.");
  out += fmt::format("anjungan_code_misses_total {}\n", ingest.code_misses.load());
  const Centre::Watched watched = centre.watched();
  head("anjungan_alarms_looked_seconds", "gauge", "When the alarms were last looked at, as Unix time; 0: not yet.");
  out += fmt::format("anjungan_alarms_looked_seconds {}\n", watched.looked_ms / 1'000);
  std::array<int, k_alarm_kinds> open{};
  for (const Alarm& one : watched.alarms) open.at(static_cast<std::size_t>(one.kind))++;
  head("anjungan_alarms", "gauge", "Open alarms by kind.");
  for (std::size_t kind = 0; kind < open.size(); kind++) {
    out += fmt::format("anjungan_alarms{{kind=\"{}\"}} {}\n", alarm_name(static_cast<AlarmKind>(kind)), open.at(kind));
  }
  // A terminal may have several of one kind: the one that began first stands for them.
  std::map<std::pair<std::string, std::string>, std::int64_t> since;
  for (const Alarm& one : watched.alarms) {
    const auto [at, fresh] = since.emplace(std::pair(std::string(alarm_name(one.kind)), one.device), one.since_ms);
    if (!fresh) at->second = std::min(at->second, one.since_ms);
  }
  head("anjungan_alarm_since_seconds", "gauge", "Since when an alarm is open, as Unix time; no terminal: the centre.");
  for (const auto& [which, ms] : since) {
    out += fmt::format("anjungan_alarm_since_seconds{{kind=\"{}\",terminal=\"{}\"}} {}\n", which.first, which.second,
                       ms / 1'000);
  }
  return out;
}

}  // namespace anjungan::central
