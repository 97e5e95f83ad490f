// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/reasons.h"

#include <array>
#include <string_view>

namespace anjungan::spool {
namespace {

struct Meaning {
  std::string_view keyword;
  Condition condition;
};

// The earlier is worse: with the cover open a printer often says that its paper is out too.
constexpr std::array<Meaning, 16> k_meanings = {{
    {"paused", Condition::paused},
    {"moving-to-paused", Condition::paused},
    {"offline", Condition::offline},
    {"shutdown", Condition::offline},
    {"timed-out", Condition::offline},
    {"cover-open", Condition::cover_open},
    {"door-open", Condition::cover_open},
    {"interlock-open", Condition::cover_open},
    {"media-empty", Condition::no_paper},
    {"media-needed", Condition::no_paper},
    {"media-jam", Condition::error},
    {"toner-empty", Condition::error},
    {"marker-supply-empty", Condition::error},
    {"spool-area-full", Condition::error},
    {"other", Condition::error},
    {"media-low", Condition::low_paper},
}};

// Passing or harmless: a printer with one of these prints.
constexpr std::array<std::string_view, 5> k_harmless = {"none", "connecting-to-device", "toner-low",
                                                        "marker-supply-low", "cups-waiting-for-job-completed"};

struct Reason {
  std::string_view word;
  bool grave = true;
};

Reason without_ending(std::string_view text) {
  for (const auto& [ending, grave] :
       {std::pair<std::string_view, bool>{"-error", true}, {"-warning", false}, {"-report", false}}) {
    if (text.size() > ending.size() && text.substr(text.size() - ending.size()) == ending) {
      return {text.substr(0, text.size() - ending.size()), grave};
    }
  }
  return {text, true};
}

bool harmless(std::string_view word) {
  for (const std::string_view one : k_harmless) {
    if (word == one) return true;
  }
  return word.substr(0, 5) == "cups-";
}

bool known(std::string_view word) {
  for (const Meaning& one : k_meanings) {
    if (word == one.keyword) return true;
  }
  return harmless(word);
}

}  // namespace

PrinterView condition_of(const std::vector<std::string>& reasons) {
  for (const Meaning& meaning : k_meanings) {
    for (const std::string& text : reasons) {
      if (without_ending(text).word == meaning.keyword) return {meaning.condition, text};
    }
  }
  for (const std::string& text : reasons) {
    const Reason reason = without_ending(text);
    if (reason.grave && !known(reason.word)) return {Condition::error, text};
  }
  return {Condition::ready, ""};
}

PrinterView with_watcher(PrinterView cups, const status::Seen& seen, bool printing) {
  const bool of_the_queue = cups.condition == Condition::paused || cups.condition == Condition::spooler_down ||
                            cups.condition == Condition::unknown;
  if (of_the_queue || seen.sight == status::Sight::unwatched) return cups;
  if (seen.sight == status::Sight::stale) {
    if (printing) return cups;
    return {Condition::unknown, "nobody looks at the idle printer: struk --watch hangs or was killed"};
  }
  for (const Condition one : {Condition::ready, Condition::low_paper, Condition::no_paper, Condition::cover_open,
                              Condition::offline, Condition::error}) {
    if (seen.word != condition_name(one)) continue;
    const bool well = one == Condition::ready || one == Condition::low_paper;
    // The backend has asked it later.
    if (printing && (well || !cups.usable())) return cups;
    return {one, well ? "" : "the printer says so"};
  }
  return cups;
}

}  // namespace anjungan::spool
