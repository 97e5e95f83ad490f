// SPDX-License-Identifier: Apache-2.0
// Disks that are full or cannot be written. Each case is a process of its own: with a small disk as the terminal's data
// folder where the machine allows that; with a limit on the size of files everywhere.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "sync/store/intake_reader.h"
#include "tests/crash/sync_store/child.h"
#include "tests/unit/sync_store/small_disk.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

constexpr int k_not_permitted = 77;

/// Runs a case; prints loudly when the machine does not let it run.
void run_case(const std::function<int(int)>& work) {
  Child child(work);
  const int status = child.wait();
  if (status == k_not_permitted) {
    GTEST_SKIP() << "\n*** NOT TESTED: this user may not mount a tmpfs; run as root. ***\n";
  }
  EXPECT_EQ(status, 0) << "see the expectations above";
}

int verdict() { return ::testing::Test::HasFailure() ? 1 : 0; }

struct Filled {
  std::uint32_t issued = 0;
  record::Error error{record::ErrorKind::invalid, "never failed"};
};

/// Submits until it fails; the numbers that were issued count up without a gap.
Filled fill(const TerminalFolder& folder, IntakeStore& store, std::uint32_t before) {
  const record::Complaint complaint = TerminalFolder::complaint();
  Filled out;
  out.issued = before;
  for (int n = 0; n < 20'000; n++) {
    auto issued = store.submit(folder.submission(complaint));
    if (!issued) {
      out.error = issued.error();
      return out;
    }
    out.issued++;
    EXPECT_EQ(issued->number.running, out.issued);
  }
  return out;
}

/// Exactly the numbers 1 to `issued`, each with its event, its receipt and a print job that can be printed.
void expect_whole(IntakeStore& store, const std::string& folder, std::uint32_t issued) {
  const auto receipts = store.receipts();
  ASSERT_TRUE(receipts.has_value()) << receipts.error().text;
  ASSERT_EQ(receipts->size(), issued);
  const auto jobs = store.open_jobs();
  ASSERT_TRUE(jobs.has_value()) << jobs.error().text;
  ASSERT_EQ(jobs->size(), issued);
  for (std::size_t n = 0; n < jobs->size(); n++) {
    ASSERT_EQ((*receipts)[n].number.running, n + 1);
    ASSERT_EQ((*jobs)[n].number.running, n + 1);
    ASSERT_TRUE(store.payload((*jobs)[n].id).has_value());
  }
  auto reader = IntakeReader::open(folder);
  ASSERT_TRUE(reader.has_value()) << reader.error().text;
  std::uint32_t created = 0;
  record::Hash before{};
  for (std::uint64_t seq = 1; seq <= store.last_seq(); seq++) {
    const auto events = reader->events_from(seq, 1, 1 << 20);
    ASSERT_TRUE(events.has_value() && events->size() == 1) << "event " << seq << " is missing";
    const auto event = record::parse_event(events->front().bytes);
    ASSERT_TRUE(event.has_value()) << event.error().text;
    ASSERT_EQ(event->prev, before);
    before = events->front().hash;
    created += event->type == record::EventType::complaint_created;
  }
  ASSERT_EQ(created, issued);
  ASSERT_EQ(*reader->last_seq(), store.last_seq());
}

bool is_disk_trouble(record::ErrorKind kind) {
  return kind == record::ErrorKind::full || kind == record::ErrorKind::io;
}

/// What must hold after `filled` failed: nothing half-issued, also after a restart, and work goes on with room.
void expect_recovery(TerminalFolder& folder, std::unique_ptr<IntakeStore> store, const Filled& filled,
                     const std::function<void()>& make_room) {
  EXPECT_TRUE(is_disk_trouble(filled.error.kind)) << filled.error.text;
  EXPECT_GT(filled.issued, 10U);
  expect_whole(*store, folder.data(), filled.issued);
  EXPECT_FALSE(store->submit(folder.submission(TerminalFolder::complaint())).has_value());
  make_room();
  if (store->stopped()) {  // not full but failed: it is opened again, and written anew
    EXPECT_EQ(filled.error.kind, record::ErrorKind::io);
    store.reset();
    auto reopened = folder.open();
    ASSERT_TRUE(reopened.has_value()) << reopened.error().text;
    EXPECT_TRUE((*reopened)->salvage().has_value());
    store = std::move(*reopened);
    expect_whole(*store, folder.data(), filled.issued);
  }
  const auto next = store->submit(folder.submission(TerminalFolder::complaint()));
  ASSERT_TRUE(next.has_value()) << next.error().text;
  EXPECT_EQ(next->number.running, filled.issued + 1) << "a number was lost on the way";
  store.reset();
  auto again = folder.open();
  ASSERT_TRUE(again.has_value()) << again.error().text;
  expect_whole(**again, folder.data(), filled.issued + 1);
}

TEST(Threat14, IssuesNothingByHalvesAndGoesOnWithRoom) {
  run_case([](int) {
    TerminalFolder folder;
    const SmallDisk disk(folder.data(), "3m");
    if (!disk.mounted()) return k_not_permitted;
    auto store = folder.open();
    if (!store) return 2;
    const Filled filled = fill(folder, **store, 0);
    EXPECT_EQ(filled.error.kind, record::ErrorKind::full) << filled.error.text;
    expect_recovery(folder, std::move(*store), filled, [&] { EXPECT_TRUE(disk.remount(0, "32m")); });
    return verdict();
  });
}

TEST(Threat14, OpensAgainWhileItIsFull) {
  run_case([](int) {
    TerminalFolder folder;
    const SmallDisk disk(folder.data(), "3m");
    if (!disk.mounted()) return k_not_permitted;
    auto store = folder.open();
    if (!store) return 2;
    const Filled filled = fill(folder, **store, 0);
    store->reset();
    auto again = folder.open();
    EXPECT_TRUE(again.has_value()) << again.error().text;
    if (again) expect_whole(**again, folder.data(), filled.issued);
    return verdict();
  });
}

TEST(Threat14, KeepsRoomForWhatFollowsAReceipt) {
  run_case([](int) {
    TerminalFolder folder;
    const SmallDisk disk(folder.data(), "12m");
    if (!disk.mounted()) return k_not_permitted;
    IntakeOptions options;
    options.ballast_bytes = 2 << 20;
    options.low_water_bytes = 1 << 20;
    options.clock = &folder.clock;
    auto store = IntakeStore::open(folder.data(), folder.runtime(), folder.identity,
                                   record::SigningKey::from_seed(folder.seed), options);
    if (!store) return 2;
    const Filled filled = fill(folder, **store, 0);
    EXPECT_EQ(filled.error.kind, record::ErrorKind::full) << filled.error.text;
    EXPECT_NE(filled.error.text.find("KiB free"), std::string::npos) << "the low-water mark did not stop it";
    disk.fill();
    int told = 0;
    auto jobs = (*store)->open_jobs();
    if (!jobs) return 3;
    for (PrintJob job : *jobs) {
      job.state = PrintState::printed;
      const auto done = (*store)->update_job(job);
      EXPECT_TRUE(done.has_value()) << "after " << told << " receipts: " << done.error().text;
      if (!done) break;
      told++;
    }
    EXPECT_EQ((*store)->last_seq(), filled.issued + static_cast<std::uint64_t>(told));
    EXPECT_GT(told, 0);
    return verdict();
  });
}

/// No room is kept here: the disk itself refuses a photo, in the middle of writing it.
TEST(Threat14, AFullDiskRefusesAPhotoInWordsAndReportsGoOn) {
  run_case([](int) {
    TerminalFolder folder;
    const SmallDisk disk(folder.data(), "6m");
    if (!disk.mounted()) return k_not_permitted;
    IntakeOptions options;
    options.ballast_bytes = 0;
    options.low_water_bytes = 0;
    options.photo_low_water_bytes = 0;
    options.clock = &folder.clock;
    auto opened = IntakeStore::open(folder.data(), folder.runtime(), folder.identity,
                                    record::SigningKey::from_seed(folder.seed), options);
    if (!opened) return 2;
    IntakeStore& store = **opened;
    const auto files = [&] {
      std::size_t out = 0;
      for (const auto& one : std::filesystem::directory_iterator(folder.data() + "/blobs")) {
        out += one.is_regular_file() ? 1U : 0U;
      }
      return out;
    };
    record::Bytes photo(700'000);
    std::vector<record::Attachment> kept;
    record::Error refused{record::ErrorKind::invalid, "never refused"};
    for (int n = 0; n < 20; n++) {
      record::fill_random(photo);
      auto one = store.keep_attachment(record::AttachmentKind::photo, "image/jpeg", photo);
      if (!one) {
        refused = one.error();
        break;
      }
      kept.push_back(*one);
    }
    EXPECT_EQ(refused.kind, record::ErrorKind::full) << refused.text;
    EXPECT_NE(refused.text.find(folder.data()), std::string::npos) << "it names the folder: " << refused.text;
    EXPECT_GT(kept.size(), 2U);
    EXPECT_EQ(files(), kept.size()) << "half a photo stays";
    EXPECT_FALSE(store.stopped()) << "a photo's trouble stops no intake";
    const record::Complaint complaint = TerminalFolder::complaint();
    std::uint32_t issued = 0;
    for (; issued < 5; issued++) {
      Submission submission = folder.submission(complaint);
      if (issued == 0) submission.attachments = {kept[0]};
      const auto done = store.submit(std::move(submission));
      EXPECT_TRUE(done.has_value()) << done.error().text;
      if (!done) break;
    }
    expect_whole(store, folder.data(), issued);
    EXPECT_TRUE(disk.remount(0, "32m"));
    const auto again = store.keep_attachment(record::AttachmentKind::photo, "image/jpeg", photo);
    EXPECT_TRUE(again.has_value()) << again.error().text;
    return verdict();
  });
}

TEST(Threat14Limited, IssuesNothingByHalvesAndGoesOnWithRoom) {
  run_case([](int) {
    ::signal(SIGXFSZ, SIG_IGN);
    TerminalFolder folder;
    auto store = folder.open();
    if (!store) return 2;
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit small = before;
    small.rlim_cur = 1 << 20;
    ::setrlimit(RLIMIT_FSIZE, &small);
    const Filled filled = fill(folder, **store, 0);
    expect_recovery(folder, std::move(*store), filled, [&] { ::setrlimit(RLIMIT_FSIZE, &before); });
    return verdict();
  });
}

TEST(ReadOnlyFolder, SaysSoWhenTheStoreIsOpened) {
  run_case([](int) {
    TerminalFolder folder;
    const bool root = ::geteuid() == 0;
    std::optional<SmallDisk> disk;
    if (root && !disk.emplace(folder.data(), "8m").mounted()) return k_not_permitted;
    {
      auto store = folder.open();
      if (!store || !(*store)->submit(folder.submission(TerminalFolder::complaint()))) return 2;
    }
    if (root) {
      EXPECT_TRUE(disk->remount(MS_RDONLY, "8m"));
    } else {
      for (const auto& entry : std::filesystem::directory_iterator(folder.data())) ::chmod(entry.path().c_str(), 0440);
      ::chmod(folder.data().c_str(), 0550);
    }
    const auto store = folder.open();
    EXPECT_FALSE(store.has_value());
    if (!store) {
      EXPECT_EQ(store.error().kind, record::ErrorKind::read_only) << store.error().text;
      EXPECT_NE(store.error().text.find(folder.data()), std::string::npos) << store.error().text;
    }
    return verdict();
  });
}

}  // namespace
}  // namespace anjungan::store
