// SPDX-License-Identifier: Apache-2.0
// Alarms: what the store keeps of them, as lines of words.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sync/central/watch/alarms.h"

namespace anjungan::central {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

std::optional<AlarmKind> kind_named(std::string_view name) {
  for (std::size_t n = 0; n < k_alarm_kinds; n++) {
    if (name == alarm_name(static_cast<AlarmKind>(n))) return static_cast<AlarmKind>(n);
  }
  return std::nullopt;
}

}  // namespace

std::string write_seen(const std::vector<Seen>& memory) {
  std::string out;
  for (const Seen& one : memory) {
    out += fmt::format("{} {} {} {} {}\n", alarm_name(one.kind), one.device.empty() ? "-" : one.device, one.occurrence,
                       one.since_ms, one.open ? 1 : 0);
  }
  return out;
}

std::vector<Seen> read_seen(std::string_view text) {
  std::vector<Seen> out;
  for (const std::string_view line : split(text, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() != 5) continue;
    const auto kind = kind_named(words[0]);
    Seen one;
    int open = 0;
    if (!kind || !read_number(words[2], one.occurrence) || !read_number(words[3], one.since_ms) ||
        !read_number(words[4], open)) {
      continue;
    }
    one.kind = *kind;
    if (words[1] != "-") one.device = words[1];
    one.open = open == 1;
    out.push_back(std::move(one));
  }
  return out;
}

std::string write_losses(const std::vector<Loss>& losses) {
  std::string out;
  for (const Loss& one : losses) {
    out +=
        fmt::format("{} {} {} {} {}\n", one.device, one.seq, one.since_ms, one.number, record::to_hex(one.secret_hash));
  }
  return out;
}

std::vector<Loss> read_losses(std::string_view text) {
  std::vector<Loss> out;
  for (const std::string_view line : split(text, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() != 5) continue;
    Loss one;
    const auto hash = record::from_hex(words[4]).and_then(
        [](const record::Bytes& bytes) { return record::to_array<32>(bytes, "secret_hash"); });
    if (!read_number(words[1], one.seq) || !read_number(words[2], one.since_ms) || !hash) continue;
    one.device = words[0];
    one.number = words[3];
    one.secret_hash = *hash;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace anjungan::central
