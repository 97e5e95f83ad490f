// SPDX-License-Identifier: Apache-2.0
// CupsPrinter, a real cupsd, struk and a printer with faults, for whatever befalls them.
#pragma once

#include <signal.h>

#include <memory>
#include <vector>

#include "printer/profile/profile.h"
#include "printer/render/render.h"
#include "printer/simulator/receipt_printer.h"
#include "printer/spool/cups_printer.h"
#include "tests/contract/printer/bench.h"

namespace anjungan::spool {

class StrukTest : public testing::Test {
 protected:
  void start(const simulator::PrinterOptions& options = {}, bool pty = false) {
    ::signal(SIGPIPE, SIG_IGN);
    device = make_device(options);
    if (pty) {
      const std::string path = device->open_pty();
      ASSERT_NE(path, "");
      shell("chmod 666 " + path);
      uri = "struk:tty:" + path + "?baud=115200";
    } else {
      const int port = device->listen(0);
      ASSERT_NE(port, 0);
      uri = "struk:tcp://127.0.0.1:" + std::to_string(port);
    }
    if (!model.empty()) uri += (pty ? "&profile=" : "?profile=") + model;
    cups.queue_to("struk", uri);
  }

  /// A printer of that model, and receipts laid out for it.
  void start_model(const std::string& name, bool cells = false, bool pty = false) {
    std::string error;
    const auto found = profile::load_profile(name, error);
    ASSERT_TRUE(found) << error;
    model = name;
    const receipt::Medium roll = receipt::roll(found->dots, found->dpi);
    printer = CupsPrinter(
        "struk", render::Target{cells ? receipt::in_cells(roll, found->native_qr) : roll, render::Format::escpos,
                                render::Escpos{found->feed, found->cutter, found->steps, found->native_qr}});
    simulator::PrinterOptions options;
    options.head = {found->dots, found->steps, found->cutter};
    start(options, pty);
  }

  std::unique_ptr<simulator::ReceiptPrinter> make_device(const simulator::PrinterOptions& options) {
    return std::make_unique<simulator::ReceiptPrinter>(options, [this](simulator::Sheet sheet) {
      const std::lock_guard guard(mutex);
      sheets.push_back(std::move(sheet));
    });
  }

  std::string submit(int attempt = 1) {
    const auto handle = printer.submit(receipt_titled("one", attempt, printer.medium()));
    EXPECT_TRUE(handle) << handle.error().text;
    return handle.value_or("");
  }

  /// Sheets that hold the whole receipt in one piece.
  int whole() {
    const render::Bitmap expected = render::to_bitmap(receipt_titled("one", 1, printer.medium()).page);
    const std::lock_guard guard(mutex);
    int count = 0;
    for (const auto& one : sheets) {
      for (const std::string& problem : one.problems) ADD_FAILURE() << problem;
      if (one.breaks == 0 && one.picture.bits == expected.bits) count++;
    }
    return count;
  }

  bool shows(const std::string& handle, const std::string& reason) {
    return await([&] { return printer.poll(handle).reason == reason; });
  }

  /// Half a receipt is on the paper; the printer is slow.
  void until_half() {
    ASSERT_TRUE(await([&] { return device->first_byte_ns() != 0; }));
    ASSERT_TRUE(await(
        [&] { return cups.command("cat " + cups.path("c/cache/struk-") + "*").find("sending") != std::string::npos; }));
  }

  static simulator::PrinterOptions slow() {
    simulator::PrinterOptions out;
    out.bytes_per_s = 40'000;
    return out;
  }

  TestFolder folder;
  std::string uri;
  PrivateCups cups{folder.path("cups")};
  CupsPrinter printer{"struk", receipt::k_roll_80};
  std::string model;  ///< its profile; empty: none named
  std::mutex mutex;
  std::vector<simulator::Sheet> sheets;
  std::unique_ptr<simulator::ReceiptPrinter> device;
};

}  // namespace anjungan::spool
