// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/terminal_printer.h"

#include <fmt/format.h>

#include "printer/profile/profile.h"
#include "printer/spool/cups_printer.h"
#include "printer/spool/virtual_printer.h"

namespace anjungan::slip {

namespace {

constexpr const char* k_first = "struk";
constexpr const char* k_fallback = "fallback";
const std::string k_wide = "generic-80";
const std::string k_narrow = "generic-58";

std::string names() {
  std::string out;
  for (const std::string& one : profile::profile_names()) out += (out.empty() ? "" : ", ") + one;
  return out;
}

Station cups_station(std::string name, const std::string& queue, const render::Target& target, int roll_m,
                     const std::string& watch) {
  return {std::move(name), "CUPS queue " + queue, roll_m * 1'000,
          [queue, target, watch]() -> record::Result<std::unique_ptr<spool::Printer>> {
            return std::unique_ptr<spool::Printer>(std::make_unique<spool::CupsPrinter>(queue, target, watch));
          }};
}

Station virtual_station(std::string name, const std::string& folder, const receipt::Medium& medium, int roll_m) {
  return {std::move(name), "pictures in " + folder, roll_m * 1'000,
          [folder, medium]() -> record::Result<std::unique_ptr<spool::Printer>> {
            auto printer = spool::VirtualPrinter::open(folder, medium);
            if (!printer) return record::fail(record::ErrorKind::io, printer.error().text);
            return std::unique_ptr<spool::Printer>(*std::move(printer));
          }};
}

}  // namespace

record::Result<render::Target> target_of(const std::string& section, settings::Medium medium,
                                         const std::string& profile, settings::PrintMode mode) {
  if (medium == settings::Medium::a4) {
    if (mode == settings::PrintMode::raster) return render::target_of(receipt::k_a4);
    return record::fail(record::ErrorKind::invalid,
                        section + "mode: is a roll printer's; leave it out, or " + section + "medium \"a4\"");
  }
  const std::string& name = !profile.empty() ? profile : medium == settings::Medium::roll_58 ? k_narrow : k_wide;
  std::string error;
  const auto model = profile::load_profile(name, error);
  if (!model) {
    return record::fail(record::ErrorKind::invalid,
                        fmt::format("{}profile: {}; choose one of {}, or write /etc/cups/struk/{}.profile", section,
                                    error, names(), profile::is_profile_name(name) ? name : "NAME"));
  }
  const receipt::Medium roll = receipt::roll(model->dots, model->dpi);
  if (medium != settings::Medium::unset && roll.narrow != (medium == settings::Medium::roll_58)) {
    return record::fail(record::ErrorKind::invalid,
                        fmt::format("{}medium: the profile {} prints {} mm wide; leave medium out, or choose another "
                                    "profile",
                                    section, name, model->dots * 254 / model->dpi / 10));
  }
  const bool native = mode == settings::PrintMode::native;
  if (native && !model->native_qr) {
    return record::fail(
        record::ErrorKind::invalid,
        fmt::format("{}mode: the profile {} draws no QR codes by itself; choose \"text\"", section, name));
  }
  if (mode == settings::PrintMode::pwg) return render::Target{roll, render::Format::pwg, {}};
  return render::Target{mode == settings::PrintMode::raster ? roll : receipt::in_cells(roll, native),
                        render::Format::escpos,
                        {model->feed, model->cutter, model->steps, native}};
}

record::Result<render::Target> printer_target(const settings::Terminal& terminal) {
  return target_of("printer.", terminal.medium, terminal.printer_profile, terminal.printer_mode);
}

record::Result<render::Target> fallback_target(const settings::Terminal& terminal) {
  const bool page = terminal.fallback_medium == settings::Medium::unset && terminal.fallback_profile.empty();
  return target_of("fallback.", page ? settings::Medium::a4 : terminal.fallback_medium, terminal.fallback_profile,
                   terminal.fallback_mode);
}

record::Result<std::vector<Station>> stations_of(const settings::Terminal& terminal) {
  const auto station = [&](const char* name, settings::PrinterKind kind, const std::string& queue,
                           const std::string& folder, const render::Target& target, int roll_m) {
    return kind == settings::PrinterKind::cups ? cups_station(name, queue, target, roll_m, terminal.printer_watch)
                                               : virtual_station(name, folder, target.medium, roll_m);
  };
  const auto folder = [&](const std::string& configured, const char* otherwise) {
    return configured.empty() ? terminal.data + otherwise : configured;
  };
  const auto first = printer_target(terminal);
  if (!first) return tl::unexpected(first.error());
  std::vector<Station> out;
  out.push_back(station(k_first, terminal.printer_kind, terminal.printer_queue,
                        folder(terminal.printer_folder, "/receipts"), *first, terminal.roll_m));
  if (terminal.fallback_kind != settings::PrinterKind::none) {
    const auto second = fallback_target(terminal);
    if (!second) return tl::unexpected(second.error());
    out.push_back(station(k_fallback, terminal.fallback_kind, terminal.fallback_queue,
                          folder(terminal.fallback_folder, "/receipts-fallback"), *second, terminal.fallback_roll_m));
  }
  return out;
}

record::Result<std::unique_ptr<spool::Printer>> open_printer(const settings::Terminal& terminal) {
  const auto stations = stations_of(terminal);
  if (!stations) return tl::unexpected(stations.error());
  return stations->front().open();
}

Hall hall_of(const settings::Terminal& terminal, const store::Identity& identity) {
  Hall out;
  out.government = terminal.government;
  out.hall = terminal.hall;
  out.office = terminal.office.empty() ? identity.office : terminal.office;
  out.place = terminal.place.empty() ? identity.place : terminal.place;
  out.phone = terminal.phone;
  out.public_url = terminal.public_url.empty() ? identity.public_url : terminal.public_url;
  out.zone = terminal.zone;
  return out;
}

}  // namespace anjungan::slip
