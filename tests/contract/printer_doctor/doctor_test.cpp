// SPDX-License-Identifier: Apache-2.0
// Good and bad settings of a real scheduler, backend, queue and printer: each bad one is named with its remedy.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "printer/simulator/receipt_printer.h"
#include "printer/spool/cups_printer.h"
#include "printer/status/status_file.h"
#include "sync/ctl/printer_doctor.h"
#include "tests/contract/printer/bench.h"

namespace anjungan::ctl {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

class PrinterDoctor : public testing::Test {
 protected:
  PrinterDoctor() : port(printer.listen(0)) {
    terminal.printer_kind = settings::PrinterKind::cups;
    terminal.printer_queue = "struk";
    cups.queue_to("struk", "struk:tcp://127.0.0.1:" + std::to_string(port));
    cups.command("lpadmin -p struk -o printer-is-shared=false");
    places.etc = cups.path("c/etc");
    places.udev_rules = {folder.path("rules")};
    terminal.printer_watch = folder.path("states");
  }
  [[nodiscard]] std::vector<Finding> findings() const { return examine_printers(terminal, places); }
  /// A finding of that health whose words hold both texts.
  void expect(Health health, const std::string& text, const std::string& remedy) const {
    EXPECT_THAT(findings(), Contains(AllOf(Field(&Finding::health, health), Field(&Finding::text, HasSubstr(text)),
                                           Field(&Finding::remedy, HasSubstr(remedy)))));
  }
  void expect_sound() const {
    EXPECT_THAT(findings(), Not(Contains(Field(&Finding::health, Health::broken))));
    EXPECT_THAT(findings(),
                Contains(AllOf(Field(&Finding::subject, "printer"), Field(&Finding::health, Health::good))));
  }
  void write_setting(const std::string& file, const std::string& name, const std::string& value) {
    cups.command("sed -i 's/^" + name + " .*/" + name + " " + value + "/' " + places.etc + "/" + file);
  }

  spool::TestFolder folder;
  spool::PrivateCups cups{folder.path("cups")};
  simulator::ReceiptPrinter printer{{}, [](simulator::Sheet) {}};
  int port;
  settings::Terminal terminal;
  CupsPlaces places;
};

TEST_F(PrinterDoctor, AKioskThatIsSetUpWellIsSound) {
  expect_sound();
  expect(Health::worth_a_look, "is on a disk", "RequestRoot /run");
  for (const Finding& finding : findings()) {
    EXPECT_EQ(finding.health == Health::good, finding.remedy.empty()) << finding.text;
  }
}

TEST_F(PrinterDoctor, NamesASettingThatLosesReceipts) {
  write_setting("cupsd.conf", "MaxJobTime", "3h");
  write_setting("cupsd.conf", "PreserveJobFiles", "1d");
  write_setting("cups-files.conf", "SyncOnClose", "No");
  expect(Health::broken, "MaxJobTime: a receipt that waits", "write \"MaxJobTime 0\" in " + places.etc + "/cupsd.conf");
  expect(Health::broken, "PreserveJobFiles", "\"PreserveJobFiles No\"");
  expect(Health::broken, "SyncOnClose", "cups-files.conf");
}

TEST_F(PrinterDoctor, NamesAMendedFileThatTheSchedulerHasNotRead) {
  write_setting("cupsd.conf", "MaxJobTime", "600");
  cups.signal(SIGHUP);
  ASSERT_TRUE(spool::await([] {
    const auto queue = spool::ask_queue("struk");
    return queue && queue->cancel_after_s == 600;
  }));
  write_setting("cupsd.conf", "MaxJobTime", "0");
  expect(Health::broken, "has waited 600 s", "systemctl restart cups");
}

TEST_F(PrinterDoctor, NamesASpoolThatIsAbsent) {
  const std::string files = places.etc + "/cups-files.conf";
  const std::string closed = folder.path("closed");
  cups.command("sed -i 's|^RequestRoot .*|RequestRoot " + closed + "/spool|' " + files);
  expect(Health::broken, "closed/spool: No such file or directory; CUPS takes no receipt", "systemd-tmpfiles --create");
  std::filesystem::create_directories(closed + "/spool");
  ASSERT_EQ(::chmod((closed + "/spool").c_str(), 0711), 0);
  ASSERT_EQ(::chmod(closed.c_str(), 0755), 0);
  expect_sound();
}

/// As a folder of the kiosk's alone is to CUPS's backends: neither its owner nor anybody else may pass.
TEST_F(PrinterDoctor, NamesASpoolThatIsShutToTheBackends) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "\n*** NOT TESTED: an ordinary user's scheduler runs its backends as that user; run as root. ***\n";
  }
  const std::string closed = folder.path("closed");
  cups.command("sed -i 's|^RequestRoot .*|RequestRoot " + closed + "/spool|' " + places.etc + "/cups-files.conf");
  std::filesystem::create_directories(closed + "/spool");
  ASSERT_EQ(::chmod((closed + "/spool").c_str(), 0711), 0);
  ASSERT_EQ(::chmod(closed.c_str(), 0755), 0);
  expect_sound();
  ASSERT_EQ(::chmod(closed.c_str(), 0600), 0);
  expect(Health::broken, closed + " is shut to lp", "RequestRoot /run/cups/spool");
}

/// Each setting, as somebody might have it, in the files of a real scheduler.
TEST_F(PrinterDoctor, NamesEachSettingWithItsRemedy) {
  for (const auto& [bad, wanted] : {std::pair{"MaxJobTime 3h", "MaxJobTime 0"},
                                    {"MaxJobs 500", "MaxJobs 0"},
                                    {"MaxJobsPerPrinter 1", "MaxJobsPerPrinter 0"},
                                    {"MaxJobsPerUser 9", "MaxJobsPerUser 0"},
                                    {"MaxHoldTime 60", "MaxHoldTime 0"},
                                    {"DirtyCleanInterval 30", "DirtyCleanInterval 0"},
                                    {"PreserveJobHistory No", "PreserveJobHistory 86400"},
                                    {"PreserveJobFiles 1d", "PreserveJobFiles No"},
                                    {"AutoPurgeJobs Yes", "AutoPurgeJobs No"},
                                    {"JobRetryInterval 300", "JobRetryInterval 5"},
                                    {"JobRetryLimit 5", "JobRetryLimit 1000"},
                                    {"JobKillDelay 0", "JobKillDelay 10"}}) {
    const std::string conf = places.etc + "/cupsd.conf";
    const std::string name = std::string(bad).substr(0, std::string(bad).find(' '));
    cups.command("cp " + conf + " " + conf + ".kept");
    cups.command("sed -i '/^" + name + " /d; 1i " + bad + "' " + conf);
    expect(Health::broken, name + ": ", "write \"" + std::string(wanted) + "\" in " + conf);
    cups.command("mv " + conf + ".kept " + conf);
  }
  expect_sound();
}

TEST_F(PrinterDoctor, NamesAQueueThatDoesNotPrint) {
  cups.command("cupsdisable struk");
  expect(Health::broken, "stopped", "cupsenable struk");
  cups.command("cupsenable struk");
  cups.command("cupsreject struk");
  expect(Health::broken, "takes no jobs", "cupsaccept struk");
  cups.command("cupsaccept struk");
  cups.command("lpadmin -p struk -o printer-error-policy=abort-job");
  expect(Health::broken, "abort-job", "printer-error-policy=retry-current-job");
  cups.command("lpadmin -p struk -o printer-error-policy=retry-current-job");
  cups.command("lpadmin -p struk -o job-cancel-after-default=5");
  expect(Health::broken, "throws a receipt away that has waited 5 s", "lpadmin -p struk -R job-cancel-after-default");
  cups.command("lpadmin -p struk -R job-cancel-after-default");
  cups.command("lpadmin -p struk -o job-hold-until-default=indefinite");
  expect(Health::broken, "holds each receipt (indefinite)", "job-hold-until-default=no-hold");
  cups.command("lpadmin -p struk -o job-hold-until-default=no-hold");
  cups.command("lpadmin -p struk -o job-quota-period=86400 -o job-k-limit=1");
  expect(Health::broken, "only so much of each user", "job-quota-period=0");
  cups.command("lpadmin -p struk -o job-quota-period=0 -o job-k-limit=0 -o job-page-limit=0");
  cups.command("lpadmin -p struk -o printer-is-shared=false");
  expect_sound();
  cups.command("lpadmin -p struk -o printer-is-shared=true");
  expect(Health::worth_a_look, "shared", "printer-is-shared=false");
  cups.command("lpadmin -x struk");
  expect(Health::broken, "no queue struk", "lpadmin -p struk");
}

TEST_F(PrinterDoctor, NamesADeviceThatCannotConfirm) {
  cups.queue_to("struk", "socket://127.0.0.1:" + std::to_string(port));
  expect(Health::broken, "goes through socket", "lpadmin -p struk -v struk:");
  cups.queue_to("struk", "struk:tcp://127.0.0.1:" + std::to_string(port) + "?profile=nobodys");
  expect(Health::broken, "no printer profile nobodys", "choose one of");
}

TEST_F(PrinterDoctor, NamesAProfileThatIsNotTheQueues) {
  terminal.printer_profile = "epson-tm-t88";
  expect(Health::worth_a_look, "laid out for epson-tm-t88, and queue struk sends them as to generic-80",
         "?profile=epson-tm-t88'");
  cups.queue_to("struk", "struk:tcp://127.0.0.1:" + std::to_string(port) + "?profile=epson-tm-t88");
  expect_sound();
  terminal.printer_profile = "epson-tm-t99";
  expect(Health::broken, "there is no profile epson-tm-t99; choose one of epson-tm-m30, ", "[printer]");
}

TEST_F(PrinterDoctor, NamesAQueueThatTakesNoPwgRaster) {
  terminal.printer_mode = settings::PrintMode::pwg;
  expect(Health::broken, "no driverless one", "-m everywhere");
}

TEST_F(PrinterDoctor, NamesABackendThatCupsRefuses) {
  const std::string backend = cups.path("c/bin/backend/struk");
  for (const mode_t mode : {0777U, 0775U, 0644U}) {
    ASSERT_EQ(::chmod(backend.c_str(), mode), 0);
    expect(Health::broken, "CUPS refuses to run it", "chmod 755 " + backend);
  }
  std::filesystem::remove(backend);
  expect(Health::broken, "backend/struk is not there", "install -m 755");
}

TEST_F(PrinterDoctor, AsksThePrinterItself) {
  printer.change([](simulator::Faults& faults) { faults.paper_out = true; });
  expect(Health::broken, "the printer says: media-empty", "put in paper");
  printer.change([](simulator::Faults& faults) { faults = {}, faults.near_end = true; });
  expect(Health::worth_a_look, "nearly used up", "paper-changed");
  printer.change([](simulator::Faults& faults) { faults = {}; });
  expect_sound();
}

TEST_F(PrinterDoctor, SaysWhetherTheIdlePrinterIsWatched) {
  const std::string uri = "struk:tcp://127.0.0.1:" + std::to_string(port);
  expect(Health::worth_a_look, "nobody watches the idle printer", "systemctl enable --now anjungan-struk");
  std::filesystem::create_directories(terminal.printer_watch);
  ASSERT_TRUE(status::write(terminal.printer_watch, uri, "ready"));
  expect(Health::good, "the idle printer is watched", "");
  std::ofstream(status::path_of(terminal.printer_watch, uri)) << "anjungan-struk 1\n" << uri << "\nready\n0\n";
  expect(Health::worth_a_look, "is old", "systemctl restart anjungan-struk");
  expect_sound();
}

TEST_F(PrinterDoctor, NamesADeviceFileThatIsAbsentOrClosed) {
  cups.queue_to("struk", "struk:/dev/anjungan-printer-NOBODY");
  expect(Health::broken, "off or unplugged", "60-anjungan-printer.rules");
  std::filesystem::create_directories(places.udev_rules.front());
  std::ofstream(places.udev_rules.front() + "/60-anjungan-printer.rules").close();
  expect(Health::broken, "off or unplugged", "switch it on");
  const std::string line = folder.path("tty");
  std::ofstream(line).close();
  ASSERT_EQ(::chmod(line.c_str(), 0600), 0);
  cups.queue_to("struk", "struk:tty:" + line + "?baud=19200");
  expect(Health::broken, "group lp", "chmod 660");
  cups.queue_to("struk", "struk:/dev/usb/lp7");
  expect(Health::worth_a_look, "another printer after a replug", "anjungan-printer-SERIAL");
}

TEST_F(PrinterDoctor, LooksAtTheFallbackToo) {
  terminal.fallback_kind = settings::PrinterKind::cups;
  terminal.fallback_queue = "a4";
  expect(Health::broken, "no queue a4", "lpadmin -p a4");
  cups.queue_to("a4", "socket://127.0.0.1:9");
  EXPECT_THAT(findings(),
              Contains(AllOf(Field(&Finding::subject, "fallback"), Field(&Finding::text, HasSubstr("is raw")))));
}

TEST_F(PrinterDoctor, SaysThatNobodyAnswersAndWhatMayNotBeRead) {
  cups.stop();
  expect(Health::broken, "CUPS does not answer", "systemctl enable --now cups");
  places.etc = folder.path("nowhere");
  expect(Health::worth_a_look, "cupsd.conf", "as root");
}

/// The script for a scheduler of the machine, tried on files as Debian ships them.
TEST_F(PrinterDoctor, TheScriptMendsWhatDebianShips) {
  const std::string etc = folder.path("etc");
  std::filesystem::create_directories(etc);
  std::ofstream(etc + "/cupsd.conf") << "LogLevel warn\nMaxLogSize 0\nErrorPolicy retry-job\n\tmaxjobtime 3h\n<Policy "
                                        "default>\n  JobPrivateAccess default\n</Policy>\n";
  std::ofstream(etc + "/cups-files.conf") << "#SyncOnClose No\nSystemGroup lpadmin\nRequestRoot /var/spool/cups\n";
  const std::string before = spool::shell("cat " + etc + "/cupsd.conf | grep -c Policy");
  for (int twice = 0; twice < 2; twice++) {
    spool::shell(ANJUNGAN_TESTS "/../printer/queue/apply_settings " + etc);
    places.etc = etc;
    EXPECT_THAT(findings(), Contains(Field(&Finding::text, HasSubstr("settings are as receipts need them"))));
  }
  EXPECT_EQ(spool::shell("grep -ci maxjobtime " + etc + "/cupsd.conf"), "1\n") << "the old word is gone";
  EXPECT_EQ(spool::shell("grep -c '^RequestRoot' " + etc + "/cups-files.conf"), "1\n");
  const std::string root = spool::shell("awk '$1 == \"RequestRoot\" {printf \"%s\", $2}' " + etc + "/cups-files.conf");
  EXPECT_THAT(spool::shell("cat " ANJUNGAN_TESTS "/../image/units/tmpfiles.conf"),
              HasSubstr("D " + root + " 0710 root lp"))
      << "who makes it at each start?";
  EXPECT_THAT(spool::shell("cat " + etc + "/cupsd.conf"),
              AllOf(HasSubstr("JobPrivateAccess default"), HasSubstr("MaxLogSize 0")));
  EXPECT_THAT(spool::shell("cat " + etc + "/cups-files.conf"), HasSubstr("SystemGroup lpadmin"));
}

}  // namespace
}  // namespace anjungan::ctl
