// SPDX-License-Identifier: Apache-2.0
// What befalls a hall besides its printer: the scheduler's disk and absence, two terminals, a cable, rights.
#include <fstream>
#include <optional>
#include <utility>

#include "printer/spool/spool.h"
#include "tests/contract/printer/print_server.h"
#include "tests/contract/printer/struk_bench.h"

namespace anjungan::spool {
namespace {

class TroubleTest : public StrukTest {
 protected:
  /// Of a network printer that has been started.
  [[nodiscard]] int port() const { return std::stoi(uri.substr(uri.rfind(':') + 1)); }
  [[nodiscard]] std::size_t cuts() {
    const std::lock_guard guard(mutex);
    return sheets.size();
  }
};

/// One receipt, in memory.
class OneReceipt final : public JobLedger {
 public:
  Result<std::optional<Job>> next() override {
    const std::lock_guard guard(m_mutex);
    const bool open =
        m_job.state == JobState::queued || m_job.state == JobState::sending || m_job.state == JobState::failed;
    return open ? std::optional(m_job) : std::nullopt;
  }
  Result<Document> document(const Job& job, const receipt::Medium&) override { return receipt_titled(job.title); }
  Result<void> record(const Job& job) override {
    const std::lock_guard guard(m_mutex);
    m_job = job;
    return {};
  }
  Job job() {
    const std::lock_guard guard(m_mutex);
    return m_job;
  }

 private:
  std::mutex m_mutex;
  Job m_job{1, JobState::queued, 0, "one", "", ""};
};

TEST_F(TroubleTest, ASchedulerThatIsAbsentAtTheStartCostsNothing) {
  start();
  cups.stop();
  OneReceipt ledger;
  Spool spool(std::make_unique<CupsPrinter>("struk", receipt::k_roll_80), ledger, nullptr);
  EXPECT_TRUE(await([&] { return spool.snapshot().printer.condition == Condition::spooler_down; }));
  EXPECT_TRUE(await([&] { return ledger.job().reason == "spooler-down"; }));
  EXPECT_EQ(cuts(), 0U);
  cups.start();
  EXPECT_TRUE(await([&] { return ledger.job().state == JobState::printed; })) << ledger.job().reason;
  EXPECT_EQ(whole(), 1);
  EXPECT_EQ(cuts(), 1U);
}

TEST_F(TroubleTest, AFullDiskOfTheSchedulerLosesAndDoublesNothing) {
  start();
  cups.limit_files(4'096);
  OneReceipt ledger;
  Spool spool(std::make_unique<CupsPrinter>("struk", receipt::k_roll_80), ledger, nullptr);
  // Refused and tried again, and it says so.
  EXPECT_TRUE(await([&] { return ledger.job().attempt >= 2 && ledger.job().state == JobState::failed; }))
      << job_state_name(ledger.job().state) << " " << ledger.job().reason;
  EXPECT_NE(ledger.job().reason, "");
  EXPECT_TRUE(await([&] { return spool.snapshot().unable_ms != 0; }));
  EXPECT_EQ(cuts(), 0U);
  cups.limit_files(RLIM_INFINITY);
  EXPECT_TRUE(await([&] { return ledger.job().state == JobState::printed; })) << ledger.job().reason;
  EXPECT_EQ(whole(), 1);
  EXPECT_EQ(cuts(), 1U);
}

TEST_F(TroubleTest, TwoQueuesAtOnePrinterMixNothing) {
  constexpr int k_each = 6;
  start();
  const PrintServer server(port());
  uri = "struk:tcp://127.0.0.1:" + std::to_string(server.port());
  cups.queue_to("struk", uri);
  cups.queue_to("second", uri);
  CupsPrinter second("second", receipt::k_roll_80);
  std::vector<std::string> mine;
  std::vector<std::string> theirs;
  for (int n = 1; n <= k_each; n++) {
    mine.push_back(submit(n));
    const auto handle = second.submit(receipt_titled("one", n));
    ASSERT_TRUE(handle) << handle.error().text;
    theirs.push_back(*handle);
  }
  for (const std::string& one : mine) EXPECT_EQ(end_of(printer, one).state, JobState::printed);
  for (const std::string& one : theirs) EXPECT_EQ(end_of(second, one).state, JobState::printed);
  EXPECT_EQ(whole(), 2 * k_each);
  EXPECT_EQ(cuts(), 2U * k_each);
}

/// Each has journals of its own; only the device is the same.
class TwoSchedulers : public TroubleTest, public testing::WithParamInterface<bool> {};

TEST_P(TwoSchedulers, AtOnePrinterMixNothing) {
  constexpr int k_each = 3;
  const bool serial = GetParam();
  start({}, serial);
  std::optional<PrintServer> server;
  if (!serial) {
    server.emplace(port());
    uri = "struk:tcp://127.0.0.1:" + std::to_string(server->port());
    cups.queue_to("struk", uri);
  }
  const PrivateCups other(folder.path("other"));
  other.command("lpadmin -p struk -E -v '" + uri + "' -m raw");
  std::vector<std::pair<const PrivateCups*, std::string>> jobs;
  for (int n = 1; n <= k_each; n++) {
    for (const PrivateCups* one : std::initializer_list<const PrivateCups*>{&cups, &other}) {
      one->use();
      jobs.emplace_back(one, submit(n));
    }
  }
  for (const auto& [one, handle] : jobs) {
    one->use();
    JobView view;
    static_cast<void>(await([&] {
      view = printer.poll(handle);
      EXPECT_NE(view.reason, "offline") << "it is there: another one prints on it";
      return view.state != JobState::sending && view.state != JobState::queued;
    }));
    EXPECT_EQ(view.state, JobState::printed) << view.reason;
  }
  cups.use();
  EXPECT_EQ(whole(), 2 * k_each);
  EXPECT_EQ(cuts(), 2U * k_each);
}

INSTANTIATE_TEST_SUITE_P(Each, TwoSchedulers, testing::Bool(),
                         [](const auto& serial) { return std::string(serial.param ? "serial" : "network"); });

/// A device file that goes and comes back as another one, under the name that a rule keeps.
class CableTest : public TroubleTest {
 protected:
  void plug_in(const simulator::PrinterOptions& options = {}) {
    device = make_device(options);
    const std::string node = device->open_pty();
    ASSERT_NE(node, "");
    shell("chmod 666 " + node + " && ln -sfn " + node + " " + name());
  }
  void pull_out() {
    shell("rm " + name());
    device.reset();
  }
  void set_up() {
    ::signal(SIGPIPE, SIG_IGN);
    uri = "struk:tty:" + name() + "?baud=115200";
    cups.queue_to("struk", uri);
  }
  [[nodiscard]] std::string name() const { return folder.path("anjungan-printer-X1"); }
};

TEST_F(CableTest, AReplugBetweenTwoReceiptsIsWaitedFor) {
  set_up();
  plug_in();
  EXPECT_EQ(end_of(printer, submit(1)).state, JobState::printed);
  pull_out();
  const std::string waits = submit(2);
  EXPECT_TRUE(shows(waits, "offline"));
  plug_in();
  EXPECT_EQ(end_of(printer, waits).state, JobState::printed);
  EXPECT_EQ(whole(), 2);
}

TEST_F(CableTest, ACablePulledInTheMiddleLeavesItOpen) {
  set_up();
  simulator::PrinterOptions slowly;
  slowly.bytes_per_s = 20'000;
  plug_in(slowly);
  const std::string cut_off = submit(1);
  ASSERT_TRUE(await([&] { return device->lines() > 20; }));
  pull_out();
  EXPECT_EQ(end_of(printer, cut_off).state, JobState::unknown);
  plug_in();
  EXPECT_EQ(end_of(printer, submit(2)).state, JobState::printed);
  EXPECT_EQ(whole(), 1);
}

TEST_F(TroubleTest, WhateverCopiesAreAskedForOneComesOut) {
  start();
  const render::Bytes bytes = render::to_escpos(render::to_bitmap(receipt_titled("one").page));
  const std::string file = folder.path("receipt");
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  int count = 0;
  for (const char* copies : {"0", "-1", "3", "99999999999999999999", "x; reboot", ""}) {
    // As CUPS calls it.
    const std::string job = std::to_string(++count);
    shell("CUPS_CACHEDIR=" + cups.path("c/cache") + " DEVICE_URI=" + uri + " " ANJUNGAN_BUILD "/bin/struk " + job +
          " somebody title '" + copies + "' 'copies=" + copies + " job-uuid=urn:uuid:" + job + "' " + file);
    EXPECT_EQ(whole(), count) << copies;
  }
  cups.command("lp -d struk -n 3 -o copies=5 -o raw " + file);
  EXPECT_TRUE(await([&] { return whole() == count + 1; }));
  EXPECT_TRUE(await([&] { return cups.command("lpstat -p struk").find("idle") != std::string::npos; }));
  EXPECT_EQ(cuts(), static_cast<std::size_t>(count) + 1);
}

TEST_F(TroubleTest, WhoMayNotResumeAQueueIsToldWhoMay) {
  start();
  cups.command("cupsdisable struk");
  // As on a machine where only administrators may: the kiosk's user is none.
  const std::string conf = cups.path("c/etc/cupsd.conf");
  const std::string kept = shell("cat " + conf);
  cups.command(
      "sed -i 's|<Limit All>|<Limit Resume-Printer Enable-Printer CUPS-Accept-Jobs>\\n    AuthType Basic\\n    "
      "Require user nobody-of-this-name\\n    Order deny,allow\\n  </Limit>\\n  <Limit All>|' " +
      conf);
  cups.signal(SIGHUP);
  OneReceipt ledger;
  Spool spool(std::make_unique<CupsPrinter>("struk", receipt::k_roll_80), ledger, nullptr);
  Result<void> refused;
  ASSERT_TRUE(await([&] {
    refused = printer.resume();
    if (refused) cups.command("cupsdisable struk");
    return !refused && refused.error().kind == ErrorKind::rejected;
  })) << (refused ? "it may" : refused.error().text);
  EXPECT_NE(refused.error().text.find("as root: cupsenable struk && cupsaccept struk"), std::string::npos);
  EXPECT_TRUE(await([&] { return spool.snapshot().printer.condition == Condition::paused; }));
  spool.resume();
  EXPECT_TRUE(await([&] { return ledger.job().reason == "paused"; }));
  EXPECT_EQ(cuts(), 0U);
  std::ofstream(conf) << kept;
  cups.signal(SIGHUP);
  ASSERT_TRUE(await([&] { return printer.resume().has_value(); }));
  EXPECT_TRUE(await([&] { return ledger.job().state == JobState::printed; })) << ledger.job().reason;
  EXPECT_EQ(whole(), 1);
}

}  // namespace
}  // namespace anjungan::spool
