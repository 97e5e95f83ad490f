// SPDX-License-Identifier: Apache-2.0
// The pictograms of the kiosk, by their Material Icons names and code points (the same in Debian 12 and 13).
#pragma once

#include <cstdint>
#include <string_view>

namespace anjungan::ui {

enum class Icon : std::uint16_t {
  none = 0,
  arrow_back = 0xE5C4,
  arrow_forward = 0xE5C8,
  assignment_ind = 0xE85E,
  backspace = 0xE14A,
  block = 0xE14B,
  build = 0xE869,
  business = 0xE0AF,
  check = 0xE5CA,
  close = 0xE5CD,
  cloud_off = 0xE2C1,
  delete_ = 0xE872,  // NOLINT(readability-identifier-naming): its name is a keyword
  directions_car = 0xE531,
  edit = 0xE3C9,
  event = 0xE878,
  error = 0xE000,
  format_size = 0xE245,
  gavel = 0xE90E,
  help_outline = 0xE8FD,
  hourglass_empty = 0xE88B,
  info = 0xE88E,
  keyboard_capslock = 0xE318,
  keyboard_return = 0xE31B,
  language = 0xE894,
  lightbulb_outline = 0xE90F,
  local_drink = 0xE544,
  local_hospital = 0xE548,
  lock = 0xE897,
  more_horiz = 0xE5D3,
  people = 0xE7FB,
  person = 0xE7FD,
  photo_camera = 0xE412,
  place = 0xE55F,
  print = 0xE8AD,
  receipt = 0xE8B0,
  report_problem = 0xE8B2,
  schedule = 0xE8B5,
  school = 0xE80C,
  search = 0xE8B6,
  security = 0xE32A,
  storage = 0xE1DB,
  support_agent = 0xF0E2,
  sync = 0xE627,
  tonality = 0xE427,
  touch_app = 0xE913,
  traffic = 0xE565,
  verified_user = 0xE8E8,
  visibility_off = 0xE8F5,
  wb_incandescent = 0xE42E,
};

/// True for a code point above.
[[nodiscard]] bool is_icon(std::uint16_t code);

/// A catalogue's icon by its name; more_horiz for one that is not here.
[[nodiscard]] Icon icon_named(std::string_view name);

}  // namespace anjungan::ui
