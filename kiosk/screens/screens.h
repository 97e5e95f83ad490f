// SPDX-License-Identifier: Apache-2.0
// The screens of a citizen's session: a state in, a picture and at most one intent out. No I/O, no clock, no thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiosk/session/event.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/widgets.h"
#include "sync/record/clock.h"

namespace anjungan::screens {

/// The city's and the hall's own words, from the configuration.
struct Brand {
  std::string government = "Pemerintah Kota Bandung";
  std::string hall = "Mal Pelayanan Publik";
  std::string help = "Petugas kami di Loket 1.";
  std::string phone = "(022) 555-0142";
  std::string office;  ///< "MPP Kota Bandung"
};

/// A QR code's modules, row by row, without the quiet zone.
struct QrModules {
  int size = 0;
  std::vector<bool> dark;
};

/// Everything a screen may show. References outlive the frame.
struct Model {
  const session::State& state;
  const session::Rules& rules;  ///< with the catalogue
  const Brand& brand;
  std::int64_t unix_ms = 0;  ///< wall clock of the frame
  record::Zone zone = record::Zone::wib;
  std::optional<int> warning_left_s;  ///< of the idle countdown
  const QrModules* qr = nullptr;      ///< of the issued receipt
  bool wheelchair = false;            ///< portrait: controls in the lower half
};

/// Digits of a staff PIN, as sync/store takes them.
inline constexpr std::size_t k_most_pin = 12;

/// What belongs to one screen while it is up: the page, what is being typed, the keyboard's state. It starts anew, and
/// wipes what was typed, whenever the session goes to another screen.
struct Local {
  session::Screen screen = session::Screen::attract;
  int page = 0;
  bool display_open = false;  ///< the panel for text size, contrast and language
  ui::Keyboard keyboard;
  std::optional<ui::TextBuffer> text;

  /// Makes it fit the state's visible screen; called by draw().
  void follow(const session::State& state);
  /// The session is over: nothing typed stays in memory.
  void wipe();
};

using Intent = session::Event;

/// Draws the visible screen of the state, with the dialogs above it. Between Ui::begin and Ui::end.
[[nodiscard]] std::optional<Intent> draw(ui::Ui& ui, const Model& model, Local& local);

}  // namespace anjungan::screens
