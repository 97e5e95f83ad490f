// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/cups_settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace anjungan::spool {
namespace {

constexpr std::int64_t k_for_ever = std::numeric_limits<std::int64_t>::max();

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string small(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(small(c));
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// A value from `least` to `most` is good; `otherwise` holds where the file is silent (CUPS 2.4).
struct Rule {
  bool in_files;
  const char* name;
  std::int64_t otherwise;
  std::int64_t least;
  std::int64_t most;
  const char* wanted;
  const char* loss;
};

constexpr std::array k_rules = {
    Rule{false, "MaxJobTime", 10'800, 0, 0, "0", "a receipt that waits so long for paper is thrown away"},
    Rule{false, "MaxJobs", 500, 0, 0, "0", "jobs that are kept for their outcome fill the queue, and it takes no more"},
    Rule{false, "MaxJobsPerPrinter", 0, 0, 0, "0", "jobs that wait close the queue"},
    Rule{false, "MaxJobsPerUser", 0, 0, 0, "0", "jobs that wait close the queue to the kiosk"},
    Rule{false, "MaxHoldTime", 0, 0, 0, "0", "a receipt that is held is thrown away"},
    Rule{false, "DirtyCleanInterval", 30, 0, 0, "0",
         "a power cut forgets the last receipts, prints one before them again and gives their ids to others"},
    Rule{false, "PreserveJobHistory", k_for_ever, 3'600, k_for_ever, "86400",
         "the outcome of a receipt is forgotten before the kiosk has asked, and it is printed twice"},
    Rule{false, "PreserveJobFiles", 86'400, 0, 0, "No", "receipts with names lie on the disk after they were printed"},
    Rule{false, "AutoPurgeJobs", 0, 0, 0, "No", "outcomes are forgotten, and receipts printed twice"},
    Rule{false, "JobRetryInterval", 300, 1, 30, "5", "a receipt waits for minutes after the printer is ready again"},
    Rule{false, "JobRetryLimit", 5, 1'000, k_for_ever, "1000", "a receipt is thrown away after so many tries"},
    Rule{false, "JobKillDelay", 30, 5, 60, "10",
         "a receipt that is on its way is cut off, or a dead one holds the queue"},
    Rule{true, "SyncOnClose", 0, 1, k_for_ever, "Yes", "a power cut loses what CUPS says that it has kept"},
};

}  // namespace

CupsSettings CupsSettings::parse(std::string_view text) {
  CupsSettings out;
  int depth = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    if (line.front() == '<') {
      depth = std::max(0, depth + (line.starts_with("</") ? -1 : 1));
      continue;
    }
    if (depth > 0) continue;
    const std::size_t gap = line.find_first_of(" \t");
    const std::string_view value = gap == std::string_view::npos ? std::string_view() : trimmed(line.substr(gap));
    out.m_words[small(line.substr(0, gap))] = std::string(value);
  }
  return out;
}

std::optional<std::string> CupsSettings::text(std::string_view name) const {
  const auto found = m_words.find(small(name));
  return found == m_words.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> CupsSettings::seconds(std::string_view name) const {
  const auto word = text(name);
  if (!word) return std::nullopt;
  const std::string value = small(*word);
  for (const char* yes : {"yes", "on", "true", "enabled"}) {
    if (value == yes) return k_for_ever;
  }
  for (const char* no : {"no", "off", "false", "disabled", "none"}) {
    if (value == no) return 0;
  }
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (failed != std::errc() || number < 0 || number > 1'000'000'000) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(value.data() + value.size() - end));
  if (unit.empty() || unit == "s") return number;
  if (unit == "m") return number * 60;
  if (unit == "h") return number * 3'600;
  if (unit == "d") return number * 86'400;
  if (unit == "w") return number * 604'800;
  return std::nullopt;
}

std::vector<LosingSetting> losing_settings(const CupsSettings& cupsd, const CupsSettings& files) {
  std::vector<LosingSetting> out;
  for (const Rule& rule : k_rules) {
    const CupsSettings& settings = rule.in_files ? files : cupsd;
    // A word that is not understood leaves the scheduler with its own.
    const std::int64_t value = settings.seconds(rule.name).value_or(rule.otherwise);
    if (value >= rule.least && value <= rule.most) continue;
    out.push_back(
        {rule.in_files ? "cups-files.conf" : "cupsd.conf", std::string(rule.name) + " " + rule.wanted, rule.loss});
  }
  return out;
}

std::size_t settings_checked() { return k_rules.size(); }

}  // namespace anjungan::spool
