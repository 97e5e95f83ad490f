// SPDX-License-Identifier: Apache-2.0
// The whole way: CupsPrinter, a real cupsd, struk, a printer with faults.
#include <signal.h>

#include <algorithm>
#include <fstream>

#include "tests/contract/printer/struk_bench.h"

namespace anjungan::spool {
namespace {

using simulator::Faults;

TEST_F(StrukTest, SaysPrintedWhenThePaperIsOut) {
  start();
  EXPECT_EQ(end_of(printer, submit()).state, JobState::printed);
  EXPECT_EQ(whole(), 1);
  EXPECT_EQ(printer.view().condition, Condition::ready);
}

TEST_F(StrukTest, PrintsOverASerialLine) {
  start({}, true);
  EXPECT_EQ(end_of(printer, submit()).state, JobState::printed);
  EXPECT_EQ(whole(), 1);
}

class StrukModels : public StrukTest, public testing::WithParamInterface<const char*> {};

TEST_P(StrukModels, PrintsWhatWasLaidOutForItsHeadAndKnife) {
  start_model(GetParam());
  for (int attempt = 1; attempt <= 2; attempt++) {
    EXPECT_EQ(end_of(printer, submit(attempt)).state, JobState::printed);
    EXPECT_EQ(whole(), attempt);
  }
}

TEST_P(StrukModels, PrintsItsOwnCharactersOverASerialLine) {
  start_model(GetParam(), true, true);
  EXPECT_EQ(end_of(printer, submit()).state, JobState::printed);
  EXPECT_EQ(whole(), 1);
  const std::lock_guard guard(mutex);
  EXPECT_LT(sheets.at(0).bytes.size(), 6'000U);
}

INSTANTIATE_TEST_SUITE_P(Each, StrukModels, testing::Values("epson-tm-t88", "epson-tm-m30", "generic-58"),
                         [](const auto& name) {
                           std::string out = name.param;
                           std::replace(out.begin(), out.end(), '-', '_');
                           return out;
                         });

TEST_F(StrukTest, RubbishBetweenTheAnswersHarmsNothing) {
  start();
  device->change([](Faults& faults) { faults.garbage = true; });
  const JobView end = end_of(printer, submit());
  EXPECT_TRUE(end.state == JobState::printed || end.state == JobState::unknown) << job_state_name(end.state);
  EXPECT_LE(whole(), 1);
}

struct Fault {
  const char* name;
  const char* reason;
  void (*set)(Faults&);
};

class StrukWaits : public StrukTest, public testing::WithParamInterface<Fault> {};

TEST_P(StrukWaits, BeforeTheFirstByteAndPrintsOnce) {
  start();
  device->change(GetParam().set);
  const std::string handle = submit();
  EXPECT_TRUE(shows(handle, GetParam().reason)) << printer.poll(handle).reason;
  EXPECT_EQ(printer.poll(handle).state, JobState::sending);
  EXPECT_FALSE(printer.poll(handle).begun) << "nothing of it can be on paper";
  device->change([](Faults& faults) { faults = Faults{}; });
  EXPECT_EQ(end_of(printer, handle).state, JobState::printed);
  EXPECT_EQ(whole(), 1);
  EXPECT_EQ(printer.view().condition, Condition::ready);
}

INSTANTIATE_TEST_SUITE_P(Each, StrukWaits,
                         testing::Values(Fault{"paper", "media-empty", [](Faults& f) { f.paper_out = true; }},
                                         Fault{"cover", "cover-open", [](Faults& f) { f.cover_open = true; }},
                                         Fault{"power", "offline", [](Faults& f) { f.off = true; }}),
                         [](const auto& fault) { return std::string(fault.param.name); });

// Silent in the middle, and not given up yet: whoever tells people of it must not say that nothing came out.
TEST_F(StrukTest, APrinterThatFallsSilentInTheMiddleHasBegun) {
  start(slow());
  const std::string handle = submit();
  until_half();
  ASSERT_TRUE(await([&] { return printer.poll(handle).begun; }));
  device->change([](Faults& faults) { faults.stalled = true; });
  JobView view;
  ASSERT_TRUE(await([&] {
    view = printer.poll(handle);
    return view.state != JobState::sending || view.reason == "offline";
  }));
  EXPECT_TRUE(view.state == JobState::unknown || view.begun) << view.reason;
  EXPECT_EQ(end_of(printer, handle).state, JobState::unknown);
}

class StrukBreaks : public StrukTest, public testing::WithParamInterface<Fault> {};

TEST_P(StrukBreaks, InTheMiddleAndSaysThatNobodyKnows) {
  start(slow());
  const std::string handle = submit();
  until_half();
  device->change(GetParam().set);
  const JobView end = end_of(printer, handle);
  EXPECT_EQ(end.state, JobState::unknown) << end.reason;
  device->change([](Faults& faults) { faults = Faults{}; });
  EXPECT_EQ(end_of(printer, submit(2)).state, JobState::printed);
  EXPECT_EQ(whole(), 1) << "the second one is whole whatever the first has left behind";
}

INSTANTIATE_TEST_SUITE_P(Each, StrukBreaks,
                         testing::Values(Fault{"paper", "", [](Faults& f) { f.paper_out = true; }},
                                         Fault{"cover", "", [](Faults& f) { f.cover_open = true; }},
                                         Fault{"power", "", [](Faults& f) { f.off = true; }},
                                         Fault{"line", "", [](Faults& f) { f.reset_line = true; }},
                                         Fault{"stall", "", [](Faults& f) { f.stalled = true; }}),
                         [](const auto& fault) { return std::string(fault.param.name); });

TEST_F(StrukTest, AKilledSchedulerPrintsNothingTwice) {
  start(slow());
  const std::string handle = submit();
  until_half();
  cups.signal(SIGKILL);
  cups.start();
  const JobView end = end_of(printer, handle);
  EXPECT_TRUE(end.state == JobState::printed || end.state == JobState::unknown) << job_state_name(end.state);
  EXPECT_EQ(end_of(printer, submit(2)).state, JobState::printed);
  EXPECT_LE(whole(), 2);
  EXPECT_GE(whole(), 1);
}

TEST_F(StrukTest, AStoppedSchedulerPrintsNothingTwice) {
  start(slow());
  const std::string handle = submit();
  until_half();
  cups.stop();
  cups.start();
  const JobView end = end_of(printer, handle);
  EXPECT_TRUE(end.state == JobState::printed || end.state == JobState::unknown) << job_state_name(end.state);
  EXPECT_LE(whole(), 1);
}

TEST_F(StrukTest, AKilledBackendPrintsNothingTwice) {
  start(slow());
  const std::string handle = submit();
  until_half();
  cups.command("kill -KILL $(ps -eo pid,args | awk -v spool=" + cups.path("c/spool/") +
               " '$2 ~ /^struk:tcp/ && index($0, spool) {print $1}')");
  EXPECT_EQ(end_of(printer, handle).state, JobState::unknown);
  EXPECT_EQ(whole(), 0);
}

// Of a host that this one's journal knows nothing of.
TEST_F(StrukTest, AnotherHostsHalfPictureSwallowsNothing) {
  start();
  const std::string port = uri.substr(uri.rfind(':') + 1);
  // 64 lines of 72 bytes are announced, and ten bytes come.
  shell("bash -c \"printf '\\033@\\035v0\\000\\110\\000\\100\\0000123456789' >/dev/tcp/127.0.0.1/" + port + "\"");
  EXPECT_EQ(end_of(printer, submit()).state, JobState::printed);
  const render::Bitmap expected = render::to_bitmap(receipt_titled("one").page);
  const std::lock_guard guard(mutex);
  ASSERT_EQ(sheets.size(), 1U);
  const auto& bits = sheets[0].picture.bits;
  ASSERT_GT(bits.size(), expected.bits.size()) << "the other one's lines come first";
  EXPECT_TRUE(std::equal(expected.bits.begin(), expected.bits.end(),
                         bits.end() - static_cast<std::ptrdiff_t>(expected.bits.size())));
}

TEST_F(StrukTest, WithoutConfirmationItIsOnlySent) {
  simulator::PrinterOptions silent;
  silent.process_id = false;
  silent.paper_order = false;
  start(silent);
  const JobView end = end_of(printer, submit());
  EXPECT_EQ(end.state, JobState::sent) << end.reason << "\n" << cups.command("cat " + cups.path("c/log/error_log"));
  EXPECT_EQ(whole(), 1);
}

TEST_F(StrukTest, TheOtherConfirmationIsGoodToo) {
  simulator::PrinterOptions other;
  other.process_id = false;
  start(other);
  EXPECT_EQ(end_of(printer, submit()).state, JobState::printed);
  EXPECT_EQ(whole(), 1);
}

TEST_F(StrukTest, AModelThatNeverAnswersIsOnlySent) {
  simulator::PrinterOptions mute;
  mute.speaks = mute.process_id = mute.paper_order = false;
  start(mute);
  EXPECT_EQ(end_of(printer, submit()).state, JobState::sent);
  EXPECT_TRUE(await([&] { return whole() == 1; }));
}

TEST_F(StrukTest, ProbesAnIdlePrinter) {
  start();
  const auto says = [&] {
    return shell("CUPS_CACHEDIR=" + cups.path("c/cache") + " " ANJUNGAN_BUILD "/bin/struk --probe " + uri);
  };
  EXPECT_EQ(says(), "ready\n");
  device->change([](Faults& faults) { faults.near_end = true; });
  EXPECT_TRUE(await([&] { return says() == "low-paper\n"; }));
  device->change([](Faults& faults) { faults.paper_out = true; });
  EXPECT_TRUE(await([&] { return says() == "media-empty\n"; }));
  device->change([](Faults& faults) { faults.off = true; });
  EXPECT_TRUE(await([&] { return says() == "offline\n"; }));
}

}  // namespace
}  // namespace anjungan::spool
