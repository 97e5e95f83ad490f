// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/icon.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace anjungan::ui {
namespace {

constexpr std::array<std::pair<std::string_view, Icon>, 15> k_named = {{
    {"assignment_ind", Icon::assignment_ind},
    {"build", Icon::build},
    {"business", Icon::business},
    {"delete", Icon::delete_},
    {"directions_car", Icon::directions_car},
    {"info", Icon::info},
    {"lightbulb_outline", Icon::lightbulb_outline},
    {"local_drink", Icon::local_drink},
    {"local_hospital", Icon::local_hospital},
    {"more_horiz", Icon::more_horiz},
    {"people", Icon::people},
    {"school", Icon::school},
    {"security", Icon::security},
    {"traffic", Icon::traffic},
    {"wb_incandescent", Icon::wb_incandescent},
}};

constexpr Icon k_all[] = {
    Icon::arrow_back,
    Icon::arrow_forward,
    Icon::assignment_ind,
    Icon::backspace,
    Icon::block,
    Icon::build,
    Icon::business,
    Icon::check,
    Icon::close,
    Icon::cloud_off,
    Icon::delete_,
    Icon::directions_car,
    Icon::edit,
    Icon::event,
    Icon::error,
    Icon::format_size,
    Icon::gavel,
    Icon::help_outline,
    Icon::hourglass_empty,
    Icon::info,
    Icon::keyboard_capslock,
    Icon::keyboard_return,
    Icon::language,
    Icon::lightbulb_outline,
    Icon::local_drink,
    Icon::local_hospital,
    Icon::lock,
    Icon::more_horiz,
    Icon::people,
    Icon::person,
    Icon::photo_camera,
    Icon::place,
    Icon::print,
    Icon::receipt,
    Icon::report_problem,
    Icon::schedule,
    Icon::school,
    Icon::search,
    Icon::security,
    Icon::storage,
    Icon::support_agent,
    Icon::sync,
    Icon::tonality,
    Icon::touch_app,
    Icon::traffic,
    Icon::verified_user,
    Icon::visibility_off,
    Icon::wb_incandescent,
};

}  // namespace

bool is_icon(std::uint16_t code) {
  return std::any_of(std::begin(k_all), std::end(k_all),
                     [&](Icon one) { return static_cast<std::uint16_t>(one) == code; });
}

Icon icon_named(std::string_view name) {
  for (const auto& [known, icon] : k_named) {
    if (known == name) return icon;
  }
  return Icon::more_horiz;
}

}  // namespace anjungan::ui
