// SPDX-License-Identifier: Apache-2.0
// From the configuration's words to what a printer needs of a page.
#include "sync/slip/terminal_printer.h"

#include <gmock/gmock.h>

namespace anjungan::slip {
namespace {

using testing::HasSubstr;

TEST(TerminalPrinter, TheProfileDecidesHeadAndKnife) {
  settings::Terminal terminal;
  terminal.printer_profile = "epson-tm-t88";
  auto target = printer_target(terminal);
  ASSERT_TRUE(target) << target.error().text;
  EXPECT_EQ(target->medium.width, 512);
  EXPECT_EQ(target->medium.dpi, 180);
  EXPECT_FALSE(target->medium.narrow);
  EXPECT_EQ(target->escpos.steps, 2);
  EXPECT_TRUE(target->escpos.cut);
  terminal.printer_profile = "generic-58";
  target = printer_target(terminal);
  ASSERT_TRUE(target) << target.error().text;
  EXPECT_EQ(target->medium.width, 384);
  EXPECT_TRUE(target->medium.narrow);
  EXPECT_FALSE(target->escpos.cut);
  EXPECT_EQ(target->escpos.feed_dots, 80);
}

TEST(TerminalPrinter, WithoutAProfileTheMediumNamesTheGenericOne) {
  settings::Terminal terminal;
  EXPECT_EQ(printer_target(terminal)->medium.width, 576);
  terminal.medium = settings::Medium::roll_58;
  EXPECT_EQ(printer_target(terminal)->medium.width, 384);
  EXPECT_FALSE(printer_target(terminal)->escpos.cut);
  EXPECT_EQ(fallback_target(terminal)->format, render::Format::pdf);
  EXPECT_GT(fallback_target(terminal)->medium.height, 0);
  terminal.fallback_profile = "epson-tm-m30";
  EXPECT_EQ(fallback_target(terminal)->medium.height, 0) << "a second roll printer";
}

TEST(TerminalPrinter, TheModeDecidesInWhatWordsItIsPrinted) {
  settings::Terminal terminal;
  EXPECT_EQ(printer_target(terminal)->medium.columns, 0);
  terminal.printer_mode = settings::PrintMode::text;
  EXPECT_EQ(printer_target(terminal)->medium.columns, 48);
  EXPECT_FALSE(printer_target(terminal)->escpos.native_qr);
  terminal.printer_mode = settings::PrintMode::pwg;
  EXPECT_EQ(printer_target(terminal)->format, render::Format::pwg);
  EXPECT_EQ(printer_target(terminal)->medium.columns, 0);
  terminal.printer_profile = "epson-tm-t88";
  terminal.printer_mode = settings::PrintMode::native;
  EXPECT_EQ(printer_target(terminal)->medium.columns, 42);
  EXPECT_TRUE(printer_target(terminal)->escpos.native_qr);
  terminal.printer_profile = "generic-80";
  EXPECT_THAT(printer_target(terminal).error().text,
              HasSubstr("printer.mode: the profile generic-80 draws no QR codes by itself; choose \"text\""));
  terminal.fallback_mode = settings::PrintMode::text;
  EXPECT_THAT(fallback_target(terminal).error().text, HasSubstr("fallback.mode: is a roll printer's"));
}

TEST(TerminalPrinter, ABadNameSaysWhatToDo) {
  settings::Terminal terminal;
  terminal.printer_profile = "epson-tm-t99";
  const auto unknown = stations_of(terminal);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, record::ErrorKind::invalid);
  EXPECT_THAT(unknown.error().text, HasSubstr("printer.profile: there is no profile epson-tm-t99; choose one of"));
  EXPECT_THAT(unknown.error().text, HasSubstr("epson-tm-t88"));
  EXPECT_THAT(unknown.error().text, HasSubstr("write /etc/cups/struk/epson-tm-t99.profile"));
  terminal.printer_profile = "../generic-80";
  EXPECT_THAT(stations_of(terminal).error().text, HasSubstr("letters, digits"));
  terminal.printer_profile = "generic-58";
  terminal.medium = settings::Medium::roll_80;
  EXPECT_THAT(stations_of(terminal).error().text,
              HasSubstr("printer.medium: the profile generic-58 prints 48 mm wide"));
  terminal = {};
  terminal.fallback_kind = settings::PrinterKind::virtual_printer;
  terminal.fallback_profile = "none-such";
  EXPECT_THAT(stations_of(terminal).error().text, HasSubstr("fallback.profile"));
  terminal.fallback_kind = settings::PrinterKind::none;
  EXPECT_TRUE(stations_of(terminal)) << "what is not used is not looked at";
}

}  // namespace
}  // namespace anjungan::slip
