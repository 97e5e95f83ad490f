// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/receipts/hall.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace anjungan::receipts {
namespace {

using simulator::Faults;

/// As long as a person takes at least, where the printer may have no ear for a question.
constexpr std::chrono::seconds k_mute{3};

}  // namespace

Hall::Hall(const std::string& folder, const simulator::PrinterOptions& printer)
    : m_printer(printer),
      m_cups(folder + "/cups"),
      m_device(std::make_unique<simulator::ReceiptPrinter>(printer,
                                                           [this](simulator::Sheet sheet) {
                                                             std::function<void()> now;
                                                             {
                                                               const std::lock_guard guard(m_mutex);
                                                               m_sheets.push_back(std::move(sheet));
                                                               std::swap(now, m_at_cut);
                                                             }
                                                             if (now) now();
                                                             m_cut.notify_all();
                                                           })),
      m_terminal(folder + "/terminal", folder + "/log") {
  ::signal(SIGPIPE, SIG_IGN);
  const int port = m_device->listen(0);
  EXPECT_NE(port, 0);
  m_uri = "struk:tcp://127.0.0.1:" + std::to_string(port);
  m_cups.queue_to("struk", m_uri);
  std::filesystem::create_directories(folder + "/terminal");
  revive();
}

Hall::~Hall() { m_terminal.kill(); }

std::vector<simulator::Sheet> Hall::sheets() const {
  const std::lock_guard guard(m_mutex);
  return m_sheets;
}

void Hall::issue() { m_terminal.order("issue"); }

void Hall::revive() {
  const int lives = m_terminal.said().lives;
  m_terminal.start();
  EXPECT_TRUE(m_terminal.await([&](const Said& said) { return said.lives > lives; })) << "the terminal does not start";
}

void Hall::fault(const std::function<void(Faults&)>& how) { m_device->change(how); }

// By its own name for this device: whoever its parent is.
void Hall::kill_struk() {
  for (const auto& one : std::filesystem::directory_iterator("/proc")) {
    const std::string name = one.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(one.path() / "cmdline", std::ios::binary);
    const std::string words{std::istreambuf_iterator<char>(file), {}};
    if (words.substr(0, words.find('\0')) == m_uri) ::kill(std::stoi(name), SIGKILL);
  }
}

void Hall::befall(const Act& act) {
  m_named_before = m_terminal.said().names(act.name());
  m_befell = Clock::now();
  switch (act.what) {
    case What::paper:
      return fault([](Faults& now) { now.paper_out = true; });
    case What::cover:
      return fault([](Faults& now) { now.cover_open = true; });
    case What::power:
      return fault([](Faults& now) { now.off = true; });
    case What::reset:
      return fault([](Faults& now) { now.reset_line = true; });
    case What::stall:
      return fault([](Faults& now) { now.stalled = true; });
    case What::rubbish:
      return;
    case What::cups_end:
      return m_cups.signal(SIGTERM);
    case What::cups_kill:
      return m_cups.signal(SIGKILL);
    case What::cups_hang:
      return m_cups.signal(SIGSTOP);
    case What::struk_kill:
      return kill_struk();
    case What::terminal_kill:
      return m_terminal.kill();
    case What::pause:
      m_cups.command("cupsdisable struk");
  }
}

// A line or a power supply that breaks while rubbish is heard says rubbish until everything is mended.
void Hall::mend(const Act& act) {
  fault([](Faults& now) { now = Faults{}; });
  switch (act.what) {
    case What::cups_end:
    case What::cups_kill:
      m_cups.stop();
      return m_cups.start();
    case What::cups_hang:
      return m_cups.signal(SIGCONT);
    case What::terminal_kill:
      EXPECT_TRUE(m_terminal.await([](const Said& said) { return !said.alive; })) << "it did not reach " << act.point;
      return revive();
    case What::pause:
      m_cups.command("cupsenable struk");
      return;
    default:
      return;
  }
}

// Hands in a receipt and lets the act befall it.
void Hall::meet(const Act& act) {
  const std::int64_t lines = m_device->lines() + act.lines;
  if (act.what == What::struk_kill && act.when == When::before) {
    // There is one to kill only while it waits.
    fault([](Faults& now) { now.paper_out = true; });
    issue();
    EXPECT_TRUE(m_terminal.await([](const Said& said) { return said.names("media-empty"); }));
    return befall(act);
  }
  if (!act.point.empty()) {
    m_terminal.order("die " + act.point);
    return issue();
  }
  if (act.when == When::before) {
    befall(act);
    return issue();
  }
  std::unique_lock guard(m_mutex);
  const std::size_t sheets = m_sheets.size();
  bool befell = false;
  if (act.when == When::last) {
    m_at_cut = [&, this] {
      befall(act);
      befell = true;
    };
  }
  issue();
  const auto there = [&] {
    return act.when == When::last ? befell : m_device->lines() >= lines || m_sheets.size() > sheets;
  };
  const auto until = Clock::now() + k_long;
  while (!there() && Clock::now() < until) m_cut.wait_for(guard, std::chrono::milliseconds(1));
  m_at_cut = nullptr;
  EXPECT_TRUE(there()) << "no receipt came out: " << act.str();
  guard.unlock();
  if (act.when == When::middle) befall(act);
}

void Hall::stay(const Act& act, bool one_waits) {
  const std::string name = act.name();
  if (!act.brief && !name.empty() && one_waits) {
    const bool or_offline = act.may_be_silent(m_printer) || !m_left.empty();
    // What the screen still says of the fault before is no answer: a person takes longer than that to mend this one.
    const bool other_words =
        or_offline && !m_terminal.await([&](const Said& said) { return said.names(name); }, k_mute);
    EXPECT_TRUE(m_terminal.await([&](const Said& said) {
      return said.names(name) || (other_words && (said.names("offline") || (!m_left.empty() && said.names(m_left))));
    })) << "the screen does not name it: "
        << act.str();
    if (!m_named_before && m_terminal.said().names(name)) {
      m_named.push_back(
          {act.str(), std::chrono::duration<double, std::milli>(m_terminal.said().viewed - m_befell).count()});
    }
  }
  // How long a person takes to mend it: the length is the fault's, nothing comes in it that could be awaited.
  static_cast<void>(m_terminal.await([](const Said&) { return false; }, std::chrono::milliseconds(act.hold_ms)));
}

int Hall::play(const Act& act, int most) {
  m_terminal.note("== " + act.str());
  if (act.rubbish || act.what == What::rubbish) fault([](Faults& now) { now.garbage = true; });
  if (act.forgetful) fault([](Faults& now) { now.forgetful = true; });
  // One that falls silent while it is known to lack paper is still called out of paper, and rightly.
  if (act.what == What::stall) expect_settled(act);
  int count = 1;
  meet(act);
  // The next citizen, who sees what is wrong.
  const bool second = !act.name().empty() && most > 1;
  if (second) {
    issue();
    count++;
  }
  stay(act, second);
  if (act.what == What::rubbish) expect_settled(act);
  mend(act);
  // A printer that is full to the brim has no ear for the next question: what it said last stays on the screen, or that
  // it is silent.
  m_left = act.overlap ? act.name() : "";
  if (!act.overlap) expect_settled(act);
  return count;
}

void Hall::expect_settled(const Act& act) { EXPECT_TRUE(settled()) << "it does not come to an end: " << act.str(); }

bool Hall::settled() {
  for (const auto until = Clock::now() + k_long; Clock::now() < until;) {
    const int open = m_terminal.open();
    if (open == 0) return true;
    // Staff, for what came out five times without a confirmation.
    if (open > 0) m_terminal.order("decide");
    if (open < 0 && !m_terminal.said().alive) return false;
    static_cast<void>(m_terminal.await([](const Said& said) { return !said.alive; }, std::chrono::milliseconds(50)));
  }
  return false;
}

bool Hall::drain() {
  m_terminal.note("== the end");
  return settled();
}

}  // namespace anjungan::receipts
