// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/receipts/acts.h"

#include <fmt/format.h>

#include <random>
#include <utility>

namespace anjungan::receipts {
namespace {

const char* name_of(What what) {
  switch (what) {
    case What::paper:
      return "paper out";
    case What::cover:
      return "cover open";
    case What::power:
      return "power off";
    case What::reset:
      return "line reset";
    case What::stall:
      return "stall";
    case What::rubbish:
      return "rubbish";
    case What::cups_end:
      return "cupsd SIGTERM";
    case What::cups_kill:
      return "cupsd SIGKILL";
    case What::cups_hang:
      return "cupsd SIGSTOP";
    case What::struk_kill:
      return "struk SIGKILL";
    case What::terminal_kill:
      return "terminal SIGKILL";
    case What::pause:
      return "queue paused";
  }
  return "";
}

const char* name_of(When when) {
  switch (when) {
    case When::before:
      return "before";
    case When::middle:
      return "in the middle";
    case When::last:
      return "after the cut";
  }
  return "";
}

std::vector<Act> each_once() {
  std::vector<Act> out;
  const auto add = [&](What what, std::initializer_list<When> whens, bool rubbish = false, bool forgetful = false) {
    for (const When when : whens)
      out.push_back({.what = what, .when = when, .rubbish = rubbish, .forgetful = forgetful});
  };
  for (const What one : {What::paper, What::cover, What::power, What::stall, What::struk_kill}) {
    add(one, {When::before, When::middle, When::last});
  }
  add(What::paper, {When::before, When::middle}, true);
  add(What::cover, {When::middle}, true);
  add(What::reset, {When::middle}, true);
  add(What::paper, {When::middle}, false, true);
  add(What::cover, {When::middle}, true, true);
  add(What::reset, {When::middle, When::last});
  add(What::rubbish, {When::before});
  add(What::cups_end, {When::before, When::middle});
  add(What::cups_kill, {When::before, When::middle});
  add(What::cups_hang, {When::before, When::middle});
  add(What::pause, {When::before, When::middle});
  for (const char* point : {"issued", "sending", "handed-over", "recorded", "ended", "settled"}) {
    out.push_back({.what = What::terminal_kill, .when = When::before, .point = point});
  }
  add(What::terminal_kill, {When::middle});
  return out;
}

}  // namespace

std::string Act::str() const {
  return fmt::format("{} {}{}{}{}{}{}{}", name_of(what), name_of(when), point.empty() ? "" : ", at " + point,
                     when == When::middle ? fmt::format(", after {} lines", lines) : "",
                     rubbish ? ", rubbish on the line" : "", forgetful ? ", a forgetful printer" : "",
                     brief ? fmt::format(", for {} ms", hold_ms) : "", overlap ? ", overlapping" : "");
}

std::string Act::name() const {
  switch (what) {
    case What::paper:
      return "media-empty";
    case What::cover:
      return "cover-open";
    case What::power:
    case What::stall:
      return "offline";
    case What::cups_end:
    case What::cups_kill:
    case What::cups_hang:
      return "spooler-down";
    case What::pause:
      return "paused";
    case What::reset:
    case What::rubbish:
    case What::struk_kill:
    case What::terminal_kill:
      return "";
  }
  return "";
}

bool Act::may_be_silent(const simulator::PrinterOptions& printer) const {
  return (what == What::paper || what == What::cover) && (rubbish || !printer.automatic);
}

Plan plan(std::uint64_t seed, int rounds) {
  std::mt19937_64 random(seed);
  // Not std::shuffle nor a distribution: they differ between libraries, and a seed must mean the same everywhere.
  const auto below = [&](std::uint64_t n) { return random() % n; };
  Plan out;
  out.printer.bytes_per_s = 400'000;
  out.printer.buffer = std::size_t{1'024} << (2 * below(4));
  out.printer.automatic = below(4) != 0;
  // Nobody changes paper more quickly; a printer that tells nothing by itself must be given time to be asked.
  const std::uint64_t least_ms = out.printer.automatic ? 250 : 2'000;
  for (int round = 0; round < rounds; round++) {
    std::vector<Act> some = each_once();
    for (std::size_t i = some.size(); i > 1; i--) std::swap(some[i - 1], some[below(i)]);
    for (Act& one : some) {
      one.lines = static_cast<int>(1 + below(1'000));
      one.brief = !one.name().empty() && below(3) == 0;
      one.hold_ms = static_cast<int>(one.brief ? least_ms + below(700) : below(200));
      one.overlap = below(4) == 0;
      if (one.what == What::paper || one.what == What::cover) one.rubbish = one.rubbish || below(6) == 0;
      out.acts.push_back(one);
    }
  }
  return out;
}

}  // namespace anjungan::receipts
