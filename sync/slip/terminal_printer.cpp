// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/terminal_printer.h"

#include "printer/spool/cups_printer.h"
#include "printer/spool/virtual_printer.h"

namespace anjungan::slip {

record::Result<std::unique_ptr<spool::Printer>> open_printer(const settings::Terminal& terminal) {
  const receipt::Medium medium = terminal.medium == settings::Medium::a4        ? receipt::k_a4
                                 : terminal.medium == settings::Medium::roll_58 ? receipt::k_roll_58
                                                                                : receipt::k_roll_80;
  if (terminal.printer_kind == settings::PrinterKind::cups) {
    return std::unique_ptr<spool::Printer>(std::make_unique<spool::CupsPrinter>(terminal.printer_queue, medium));
  }
  const std::string folder = terminal.printer_folder.empty() ? terminal.data + "/receipts" : terminal.printer_folder;
  auto printer = spool::VirtualPrinter::open(folder, medium);
  if (!printer) return record::fail(record::ErrorKind::io, printer.error().text);
  return std::unique_ptr<spool::Printer>(std::move(*printer));
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
