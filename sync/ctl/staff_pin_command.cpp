// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/staff_pin_command.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "sync/ctl/ownership.h"
#include "sync/record/keys.h"
#include "sync/store/staff_pin.h"

namespace anjungan::ctl {
namespace {

// A terminal that does not show what is typed, until it goes.
class Unseen {
 public:
  Unseen() {
    if (::tcgetattr(STDIN_FILENO, &m_before) != 0) return;
    termios quiet = m_before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    m_changed = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~Unseen() {
    if (m_changed) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios m_before{};
  bool m_changed = false;
};

std::string asked(const char* words) {
  std::string line;
  if (::isatty(STDIN_FILENO) == 0) {
    std::getline(std::cin, line);
    return line;
  }
  const Unseen unseen;
  fmt::print(stderr, "{}", words);
  std::fflush(stderr);
  std::getline(std::cin, line);
  fmt::print(stderr, "\n");
  return line;
}

}  // namespace

ExitCode set_pin(const settings::Terminal& terminal) {
  std::string pin = asked("New PIN, 6 to 12 digits: ");
  if (::isatty(STDIN_FILENO) != 0) {
    std::string again = asked("Once more: ");
    const bool same = again == pin;
    record::wipe(again);
    if (!same) {
      record::wipe(pin);
      return complain({record::ErrorKind::invalid, "PIN: the two are not the same; nothing was changed"});
    }
  }
  auto done = store::set_staff_pin(terminal.data, pin);
  record::wipe(pin);
  if (done) done = give_to_services(terminal.data);
  if (!done) return complain(done.error());
  fmt::print("the staff panel opens to it from now on\n");
  return ExitCode::done;
}

}  // namespace anjungan::ctl
