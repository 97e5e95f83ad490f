// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/terminal_printer.h"

#include "printer/spool/cups_printer.h"
#include "printer/spool/virtual_printer.h"

namespace anjungan::slip {

namespace {

constexpr const char* k_first = "struk";
constexpr const char* k_fallback = "fallback";

receipt::Medium medium_of(settings::Medium medium) {
  return medium == settings::Medium::a4        ? receipt::k_a4
         : medium == settings::Medium::roll_58 ? receipt::k_roll_58
                                               : receipt::k_roll_80;
}

Station cups_station(std::string name, const std::string& queue, const receipt::Medium& medium, int roll_m,
                     const std::string& watch) {
  return {std::move(name), "CUPS queue " + queue, roll_m * 1'000,
          [queue, medium, watch]() -> record::Result<std::unique_ptr<spool::Printer>> {
            return std::unique_ptr<spool::Printer>(std::make_unique<spool::CupsPrinter>(queue, medium, watch));
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

std::vector<Station> stations_of(const settings::Terminal& terminal) {
  const auto station = [&](const char* name, settings::PrinterKind kind, const std::string& queue,
                           const std::string& folder, settings::Medium medium, int roll_m) {
    return kind == settings::PrinterKind::cups
               ? cups_station(name, queue, medium_of(medium), roll_m, terminal.printer_watch)
               : virtual_station(name, folder, medium_of(medium), roll_m);
  };
  const auto folder = [&](const std::string& configured, const char* otherwise) {
    return configured.empty() ? terminal.data + otherwise : configured;
  };
  std::vector<Station> out;
  out.push_back(station(k_first, terminal.printer_kind, terminal.printer_queue,
                        folder(terminal.printer_folder, "/receipts"), terminal.medium, terminal.roll_m));
  if (terminal.fallback_kind != settings::PrinterKind::none) {
    out.push_back(station(k_fallback, terminal.fallback_kind, terminal.fallback_queue,
                          folder(terminal.fallback_folder, "/receipts-fallback"), terminal.fallback_medium,
                          terminal.fallback_roll_m));
  }
  return out;
}

record::Result<std::unique_ptr<spool::Printer>> open_printer(const settings::Terminal& terminal) {
  return stations_of(terminal).front().open();
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
