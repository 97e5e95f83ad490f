// SPDX-License-Identifier: Apache-2.0
// An idle printer, seen on the screen before anybody prints: struk --watch beside a real cupsd, and the spool's
// snapshot.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "printer/spool/spool.h"
#include "tests/contract/printer/struk_bench.h"

namespace anjungan::spool {
namespace {

using simulator::Faults;

class EmptyLedger final : public JobLedger {
 public:
  Result<std::optional<Job>> next() override { return std::nullopt; }
  Result<Document> document(const Job&, const receipt::Medium&) override {
    return tl::unexpected(Error{ErrorKind::unknown, "there is none"});
  }
  Result<void> record(const Job&) override { return {}; }
};

class IdleTest : public StrukTest {
 protected:
  ~IdleTest() override { end_watch(SIGTERM); }

  /// As the service does it: the devices are CUPS's own queues.
  void watch() {
    const std::string states = this->states();
    shell("mkdir -p -m 777 " + states);
    const std::string cache = cups.path("c/cache");
    m_watcher = ::fork();
    if (m_watcher == 0) {
      ::setenv("CUPS_CACHEDIR", cache.c_str(), 1);
      const char* program = ANJUNGAN_BUILD "/bin/struk";
      ::execl(program, program, "--watch", states.c_str(), nullptr);
      ::_exit(127);
    }
    ASSERT_GT(m_watcher, 0);
  }
  int end_watch(int signal) {
    if (m_watcher <= 0) return 0;
    ::kill(m_watcher, signal);
    int status = 0;
    ::waitpid(m_watcher, &status, 0);
    m_watcher = -1;
    return status;
  }
  [[nodiscard]] std::string states() const { return folder.path("states"); }
  [[nodiscard]] bool names(Spool& spool, Condition condition) const {
    return await([&] { return spool.snapshot().printer.condition == condition; });
  }

  CupsPrinter watched() { return {"struk", receipt::k_roll_80, states()}; }

 private:
  pid_t m_watcher = -1;
};

TEST_F(IdleTest, FaultsAreOnTheScreenBeforeTheNextReceiptAndGoAgain) {
  start();
  watch();
  EmptyLedger ledger;
  Spool spool(std::make_unique<CupsPrinter>(watched()), ledger, nullptr);
  ASSERT_TRUE(await([&] { return status::read(states(), uri).word == "ready"; }));
  EXPECT_TRUE(names(spool, Condition::ready));
  const std::pair<Condition, void (*)(Faults&)> faults[] = {
      {Condition::no_paper, [](Faults& now) { now.paper_out = true; }},
      {Condition::cover_open, [](Faults& now) { now.cover_open = true; }},
      {Condition::low_paper, [](Faults& now) { now.near_end = true; }},
      {Condition::offline, [](Faults& now) { now.off = true; }},
      {Condition::offline, [](Faults& now) { now.stalled = true; }}};
  for (const auto& [condition, set] : faults) {
    device->change(set);
    EXPECT_TRUE(names(spool, condition)) << condition_name(condition);
    device->change([](Faults& now) { now = Faults{}; });
    EXPECT_TRUE(names(spool, Condition::ready)) << condition_name(condition);
  }
  EXPECT_EQ(cups.command("lpstat -W all -o struk"), "") << "no job was needed for it";
}

TEST_F(IdleTest, WhatAJobLeftBehindGoesWithoutAnotherJob) {
  start(slow());
  watch();
  const std::string handle = submit();
  ASSERT_TRUE(await([&] { return device->lines() > 100; }));
  device->change([](Faults& now) { now.paper_out = true; });
  EXPECT_EQ(end_of(printer, handle).state, JobState::unknown);
  CupsPrinter screen = watched();
  EXPECT_TRUE(await([&] { return screen.view().condition == Condition::no_paper; }));
  device->change([](Faults& now) { now = Faults{}; });
  EXPECT_TRUE(await([&] { return screen.view().condition == Condition::ready; }));
  EXPECT_EQ(printer.view().condition, Condition::no_paper) << "CUPS alone knows nothing of an idle printer";
}

TEST_F(IdleTest, NoReceiptIsDisturbed) {
  start();
  watch();
  ASSERT_TRUE(await([&] { return status::read(states(), uri).word == "ready"; }));
  for (int n = 1; n <= 12; n++) {
    EXPECT_EQ(end_of(printer, submit(n)).state, JobState::printed) << n;
    EXPECT_EQ(whole(), n);
  }
}

TEST_F(IdleTest, AReceiptThatIsPrintingIsLeftAlone) {
  start(slow());
  watch();
  ASSERT_TRUE(await([&] { return status::read(states(), uri).word == "ready"; }));
  const std::string handle = submit();
  EXPECT_TRUE(await([&] { return status::read(states(), uri).word == "busy"; }));
  EXPECT_EQ(end_of(printer, handle).state, JobState::printed);
  EXPECT_TRUE(await([&] { return status::read(states(), uri).word == "ready"; }));
  EXPECT_EQ(whole(), 1);
}

TEST_F(IdleTest, AnOldWordIsUnknownNeverReady) {
  start();
  shell("mkdir -p " + states());
  CupsPrinter screen = watched();
  EXPECT_EQ(screen.view().condition, Condition::ready) << "nobody watches: CUPS's word";
  std::ofstream(status::path_of(states(), uri)) << "anjungan-struk 1\n" << uri << "\nready\n0\n";
  EXPECT_TRUE(screen.changed());
  EXPECT_EQ(screen.view().condition, Condition::unknown);
  EXPECT_FALSE(screen.changed());
  EXPECT_TRUE(printer.submit(receipt_titled("one"))) << "it prints all the same";
}

TEST_F(IdleTest, AWatcherThatEndsLeavesNothingBehind) {
  start();
  watch();
  ASSERT_TRUE(await([&] { return status::read(states(), uri).sight == status::Sight::seen; }));
  const int ended = end_watch(SIGTERM);
  EXPECT_TRUE(WIFEXITED(ended) && WEXITSTATUS(ended) == 0) << ended;
  EXPECT_EQ(status::read(states(), uri).sight, status::Sight::unwatched);
}

// Whatever CUPS's own user finds there it can use: a technician's probe as root comes first on a new machine.
TEST_F(IdleTest, AProbeAsRootLocksNobodyOut) {
  start();
  shell("umask 077; CUPS_CACHEDIR=" + cups.path("c/cache") + " " ANJUNGAN_BUILD "/bin/struk --probe " + uri);
  EXPECT_EQ(end_of(printer, submit()).state, JobState::printed);
}

}  // namespace
}  // namespace anjungan::spool
