// SPDX-License-Identifier: Apache-2.0
// What a CUPS queue does that no other printer does.
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>

#include "printer/render/render.h"
#include "printer/spool/cups_printer.h"
#include "tests/contract/printer/bench.h"

namespace anjungan::spool {
namespace {

// A Create-Job request of RFC 8010 for the queue struk and the title one/1.
std::string create_job_request() {
  std::string out("\x01\x01\x00\x05\x00\x00\x00\x01\x01", 9);
  const auto put = [&](char tag, const std::string& name, const std::string& value) {
    out += {tag, '\0', static_cast<char>(name.size())};
    out += name + '\0' + static_cast<char>(value.size()) + value;
  };
  put('\x47', "attributes-charset", "utf-8");
  put('\x48', "attributes-natural-language", "en");
  put('\x45', "printer-uri", "ipp://localhost/printers/struk");
  put('\x42', "requesting-user-name", "root");
  put('\x42', "job-name", "one/1");
  return out + '\x03';
}

class CupsPrinterTest : public testing::Test {
 protected:
  CupsPrinterTest() {
    cups.queue("struk");
    cups.queue("deaf");
    cups.shut("deaf");
  }
  /// Nothing follows it: as when the kiosk or the scheduler ends there.
  void create_job(const std::string& often = "") {
    std::ofstream(cups.path("create"), std::ios::binary) << create_job_request();
    cups.command(
        "curl -s -o /dev/null --fail --unix-socket $CUPS_SERVER -H Content-Type:application/ipp --data-binary @" +
        cups.path("create") + " 'http://localhost/printers/struk" + often + "'");
  }

  TestFolder folder;
  PrivateCups cups{folder.path("cups")};
  CupsPrinter printer{"struk", receipt::k_roll_80};
  CupsPrinter deaf{"deaf", receipt::k_roll_80};
};

TEST_F(CupsPrinterTest, TheBytesArriveUntouched) {
  const Document document = receipt_titled("one");
  const auto handle = printer.submit(document);
  ASSERT_TRUE(handle) << handle.error().text;
  EXPECT_EQ(end_of(printer, *handle).state, JobState::sent);
  const render::Bytes expected = render::to_escpos(render::to_bitmap(document.page));
  EXPECT_TRUE(cups.printed("struk") == std::string(expected.begin(), expected.end()));
}

TEST_F(CupsPrinterTest, APageIsAPdf) {
  CupsPrinter page("struk", receipt::k_a4);
  const auto handle = page.submit(receipt_titled("one", 1, receipt::k_a4));
  ASSERT_TRUE(handle) << handle.error().text;
  EXPECT_EQ(end_of(page, *handle).state, JobState::sent);
  EXPECT_EQ(cups.printed("struk").substr(0, 5), "%PDF-");
}

TEST_F(CupsPrinterTest, AttemptsAreToldApart) {
  const auto first = printer.submit(receipt_titled("one", 1));
  const auto second = printer.submit(receipt_titled("one", 2));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(**printer.find("one", 1), *first);
  EXPECT_EQ(**printer.find("one", 2), *second);
  EXPECT_FALSE(printer.find("one", 3)->has_value());
}

TEST_F(CupsPrinterTest, AJobThatNeverBeganMayBeSentAgain) {
  const auto began = deaf.submit(receipt_titled("one"));
  const auto waits = deaf.submit(receipt_titled("two"));
  ASSERT_TRUE(began && waits);
  ASSERT_TRUE(await([&] { return cups.command("lpstat -p deaf").find("now printing deaf-1") != std::string::npos; }));
  EXPECT_EQ(deaf.poll(*began).state, JobState::sending);
  EXPECT_EQ(deaf.poll(*waits).state, JobState::sending);
  cups.command("cancel deaf-2");
  cups.command("cancel deaf-1");
  const JobView second = end_of(deaf, *waits);
  EXPECT_EQ(second.state, JobState::failed);
  EXPECT_EQ(second.reason, "canceled");
  EXPECT_EQ(end_of(deaf, *began).state, JobState::unknown);
}

TEST_F(CupsPrinterTest, AJobIsTakenBack) {
  const auto began = deaf.submit(receipt_titled("one"));
  ASSERT_TRUE(began);
  ASSERT_TRUE(await([&] { return cups.command("lpstat -p deaf").find("now printing deaf-1") != std::string::npos; }));
  ASSERT_TRUE(deaf.cancel(*began));
  const JobView end = end_of(deaf, *began);
  EXPECT_EQ(end.state, JobState::unknown) << "some of it may be on paper";
  EXPECT_EQ(end.reason, "canceled");
  EXPECT_TRUE(deaf.cancel(*began)) << "an ended job is nothing to do";
  EXPECT_TRUE(deaf.cancel("77 urn:uuid:00000000-0000-0000-0000-000000000000"));
  cups.stop();
  EXPECT_FALSE(deaf.cancel(*began));
}

TEST_F(CupsPrinterTest, AStoppedQueueGoesOn) {
  cups.command("cupsdisable struk");
  cups.command("cupsreject struk");
  EXPECT_EQ(printer.view().condition, Condition::paused);
  const auto done = printer.resume();
  ASSERT_TRUE(done) << done.error().text;
  EXPECT_EQ(printer.view().condition, Condition::ready);
  EXPECT_TRUE(printer.submit(receipt_titled("one")));
  CupsPrinter nobody("nobody", receipt::k_roll_80);
  EXPECT_EQ(nobody.resume().error().kind, ErrorKind::rejected);
}

TEST_F(CupsPrinterTest, ACrashBetweenJobAndDocumentPrintsNothing) {
  create_job();
  const auto found = printer.find("one", 1);
  ASSERT_TRUE(found && found->has_value());
  EXPECT_EQ(end_of(printer, **found).state, JobState::failed);
  EXPECT_EQ(cups.printed("struk"), "");
}

// Killed behind Send-Document, before it wrote the job down anew. After it starts again it knows the job as held and
// nothing else, and would print what it has of it a quarter of an hour later. Whether it printed already nobody knows.
TEST_F(CupsPrinterTest, ASchedulerKilledBehindTheDocumentLeavesTheOutcomeOpen) {
  create_job();
  const auto found = printer.find("one", 1);
  ASSERT_TRUE(found && found->has_value());
  cups.signal(SIGKILL);
  ASSERT_TRUE(await([&] { return printer.view().condition == Condition::spooler_down; }));
  const std::string document = cups.path("c/spool/d00001-001");
  std::ofstream(document, std::ios::binary) << std::string(90'000, 'x');
  ::chmod(document.c_str(), 0644);
  cups.start();
  EXPECT_EQ(end_of(printer, **found).state, JobState::unknown);
  EXPECT_EQ(printer.poll(**found).state, JobState::unknown) << "and so it stays";
  EXPECT_EQ(cups.printed("struk"), "");
}

// CUPS lists 500 jobs and no more unless it is asked to, the oldest first.
TEST_F(CupsPrinterTest, AJobIsFoundBehindALongHistory) {
  create_job("?n=[1-510]");
  ASSERT_TRUE(printer.submit(receipt_titled("two")));
  const auto found = printer.find("two", 1);
  ASSERT_TRUE(found) << found.error().text;
  EXPECT_TRUE(found->has_value());
}

TEST_F(CupsPrinterTest, AJobThatStaffHoldsWaits) {
  const auto ahead = deaf.submit(receipt_titled("one"));
  const auto handle = deaf.submit(receipt_titled("two"));
  ASSERT_TRUE(ahead && handle);
  cups.command("lp -i deaf-2 -H hold");
  EXPECT_EQ(deaf.poll(*handle).reason, "held");
  EXPECT_EQ(deaf.poll(*handle).reason, "held") << "it is theirs to let go";
  cups.command("lp -i deaf-2 -H resume");
  EXPECT_EQ(deaf.poll(*handle).state, JobState::sending);
  EXPECT_EQ(deaf.poll(*handle).reason, "");
}

TEST_F(CupsPrinterTest, AnIdThatBelongsToAnotherJobIsNotTrusted) {
  const auto handle = printer.submit(receipt_titled("one"));
  ASSERT_TRUE(handle);
  EXPECT_EQ(end_of(printer, *handle).state, JobState::sent);
  EXPECT_EQ(printer.poll("1 urn:uuid:00000000-0000-0000-0000-000000000000").state, JobState::unknown);
  const std::string moved = "77" + handle->substr(handle->find(' '));
  EXPECT_EQ(printer.poll(moved).state, JobState::sent) << "the uuid finds it under its other id";
}

TEST_F(CupsPrinterTest, AQueueThatIsNotThere) {
  CupsPrinter nobody("nobody", receipt::k_roll_80);
  EXPECT_EQ(nobody.view().condition, Condition::error);
  const auto refused = nobody.submit(receipt_titled("one"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::rejected);
  EXPECT_FALSE(nobody.find("one", 1)->has_value());
}

TEST_F(CupsPrinterTest, AQueueThatRejects) {
  cups.command("cupsreject struk");
  EXPECT_EQ(printer.view().condition, Condition::paused);
  EXPECT_FALSE(printer.submit(receipt_titled("one")));
  cups.command("cupsaccept struk");
  EXPECT_TRUE(printer.submit(receipt_titled("one")));
}

TEST_F(CupsPrinterTest, WithoutASchedulerNothingIsLostAndNothingEnds) {
  const auto handle = deaf.submit(receipt_titled("one"));
  ASSERT_TRUE(handle);
  cups.stop();
  EXPECT_EQ(deaf.view().condition, Condition::spooler_down);
  EXPECT_EQ(deaf.poll(*handle).state, JobState::sending);
  EXPECT_EQ(deaf.poll(*handle).reason, "spooler-down");
  EXPECT_FALSE(deaf.find("one", 1)) << "nobody can tell: it must not be taken for absent";
  const auto refused = deaf.submit(receipt_titled("two"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::spooler_down);
  cups.start();
  EXPECT_EQ(deaf.poll(*handle).state, JobState::sending);
  EXPECT_EQ(**deaf.find("one", 1), *handle);
  EXPECT_FALSE(deaf.find("two", 1)->has_value());
}

TEST_F(CupsPrinterTest, AKilledSchedulerKnowsTheJobAgain) {
  const auto done = printer.submit(receipt_titled("done"));
  ASSERT_TRUE(done);
  EXPECT_EQ(end_of(printer, *done).state, JobState::sent);
  const auto waits = deaf.submit(receipt_titled("waits"));
  ASSERT_TRUE(waits);
  cups.signal(SIGKILL);
  ASSERT_TRUE(await([&] { return printer.view().condition == Condition::spooler_down; }));
  cups.start();
  EXPECT_EQ(printer.poll(*done).state, JobState::sent);
  EXPECT_EQ(deaf.poll(*waits).state, JobState::sending);
}

TEST_F(CupsPrinterTest, AHangingSchedulerHoldsNobodyUp) {
  const auto handle = deaf.submit(receipt_titled("one"));
  ASSERT_TRUE(handle);
  cups.signal(SIGSTOP);
  const auto timed = [](const auto& call) {
    const auto start = std::chrono::steady_clock::now();
    call();
    return std::chrono::steady_clock::now() - start;
  };
  const auto most = std::chrono::seconds(4);
  EXPECT_LT(timed([&] { EXPECT_EQ(deaf.view().condition, Condition::spooler_down); }), most);
  EXPECT_LT(timed([&] { EXPECT_EQ(deaf.poll(*handle).reason, "spooler-down"); }), most);
  EXPECT_LT(timed([&] { EXPECT_FALSE(deaf.find("one", 1)); }), most);
  EXPECT_LT(timed([&] { EXPECT_FALSE(printer.submit(receipt_titled("two"))); }), most);
  cups.signal(SIGCONT);
  ASSERT_TRUE(await([&] { return printer.view().usable(); }));
  EXPECT_EQ(cups.printed("struk"), "") << "what was given up came out later";
  EXPECT_EQ(deaf.poll(*handle).state, JobState::sending);
}

}  // namespace
}  // namespace anjungan::spool
