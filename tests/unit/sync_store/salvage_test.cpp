// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "sync/store/blob_folder.h"
#include "sync/store/intake_reader.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

using record::ErrorKind;

constexpr std::size_t k_page = 4'096;

class SalvageTest : public testing::Test {
 protected:
  /// A store with so many receipts, the first half printed, closed and with an empty log.
  void fill(std::uint32_t receipts) {
    auto store = terminal.open();
    ASSERT_TRUE(store) << store.error().text;
    const record::Complaint complaint = TerminalFolder::complaint();
    for (std::uint32_t n = 0; n < receipts; n++) {
      auto issued = (*store)->submit(terminal.submission(complaint));
      ASSERT_TRUE(issued) << issued.error().text;
      if (n >= receipts / 2) continue;
      auto job = (*store)->job(issued->job);
      (*job)->state = PrintState::printed;
      ASSERT_TRUE((*store)->update_job(**job));
    }
    last_seq = (*store)->last_seq();
    store->reset();
    run_sql("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  void run_sql(const std::string& sql) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  [[nodiscard]] std::string path() const { return terminal.data() + "/intake.db"; }

  void overwrite(std::size_t page, char with) const {
    std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(page * k_page));
    const std::string rubbish(k_page, with);
    file.write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));
  }

  [[nodiscard]] std::size_t copies_aside() const { return damaged_copies(terminal.data()).size(); }

  void suspect() const {
    std::filesystem::create_directories(terminal.runtime());
    std::ofstream(terminal.runtime() + "/intake.suspect") << "io";
  }

  TerminalFolder terminal;
  std::uint64_t last_seq = 0;
};

TEST_F(SalvageTest, ASoundStoreIsWrittenAnewWithoutADifference) {
  fill(20);
  std::vector<ReceiptRow> before;
  std::vector<PrintJob> jobs_before;
  {
    auto store = terminal.open();
    before = *(*store)->receipts();
    jobs_before = *(*store)->open_jobs();
    ASSERT_TRUE((*store)->update_printer({"struk", 1, 2'000, 3}, {{"printer", "struk"}, {"deed", "paper"}}));
    last_seq = (*store)->last_seq();
  }
  auto reader = IntakeReader::open(terminal.data());
  ASSERT_TRUE(reader);
  suspect();
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  ASSERT_TRUE((*store)->salvage());
  EXPECT_EQ((*store)->salvage()->events, last_seq);
  EXPECT_EQ((*store)->salvage()->forgotten, 0U);
  EXPECT_EQ((*store)->salvage()->jobs, 0U);
  EXPECT_TRUE((*store)->salvage()->lost.empty());
  EXPECT_TRUE(std::filesystem::exists((*store)->salvage()->copy + "/intake.db"));
  EXPECT_EQ((*store)->last_seq(), last_seq);
  const auto after = *(*store)->receipts();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t n = 0; n < after.size(); n++) {
    EXPECT_EQ(after[n].number, before[n].number);
    EXPECT_EQ(after[n].seq, before[n].seq);
    EXPECT_EQ(after[n].issued_ms, before[n].issued_ms);
    EXPECT_EQ(after[n].print, before[n].print);
    EXPECT_EQ(after[n].voided, before[n].voided);
  }
  const auto jobs = *(*store)->open_jobs();
  ASSERT_EQ(jobs.size(), jobs_before.size());
  for (std::size_t n = 0; n < jobs.size(); n++) {
    EXPECT_EQ(jobs[n].id, jobs_before[n].id);
    EXPECT_TRUE((*store)->payload(jobs[n].id)) << "a receipt that waits for paper can no longer be printed";
  }
  const auto note = *(*store)->printer("struk");
  EXPECT_EQ(note.paused_ms, 1);
  EXPECT_EQ(note.used_mm, 2'000);
  EXPECT_EQ(note.changed_ms, 3);
  EXPECT_TRUE(reader->replaced());
  EXPECT_FALSE(IntakeReader::open(terminal.data())->replaced());
  auto next = (*store)->submit(terminal.submission(TerminalFolder::complaint()));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->number.running, 21U);
  store->reset();
  EXPECT_FALSE((*terminal.open())->salvage()) << "once is enough";
  EXPECT_EQ(copies_aside(), 1U);
}

TEST_F(SalvageTest, OverwrittenPagesCostNothingThatTheCentreLacks) {
  fill(120);
  const auto pages = std::filesystem::file_size(path()) / k_page;
  // Rubbish and zeros in the middle of the file, as a dying disk leaves them; everything is at the centre.
  for (std::size_t page = 12; page + 4 < pages; page += 9) overwrite(page, page % 2 == 0 ? '\0' : '\x5a');
  auto store = terminal.open(last_seq);
  ASSERT_TRUE(store) << store.error().text;
  ASSERT_TRUE((*store)->salvage());
  EXPECT_EQ((*store)->salvage()->events + (*store)->salvage()->forgotten, last_seq);
  EXPECT_GT((*store)->salvage()->forgotten, 5U) << "nothing was damaged";
  EXPECT_GT((*store)->salvage()->events, last_seq / 2);
  EXPECT_TRUE((*store)->salvage()->lost.empty());
  EXPECT_EQ((*store)->last_seq(), last_seq);
  auto next = (*store)->submit(terminal.submission(TerminalFolder::complaint()));
  ASSERT_TRUE(next) << next.error().text;
  EXPECT_EQ(next->number.running, 121U) << "a number was given twice";
  EXPECT_EQ((*store)->scrub(1, 10'000), 0U);
}

TEST_F(SalvageTest, ADamagedHashIsFoundFromTheNextEvent) {
  fill(6);
  run_sql("UPDATE event SET hash = zeroblob(32) WHERE seq = 3");
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ((*store)->salvage()->events, last_seq);
  EXPECT_TRUE((*store)->salvage()->lost.empty());
  EXPECT_EQ((*store)->receipts()->size(), 6U);
}

// Threat 16 for what the centre does not have yet.
TEST_F(SalvageTest, Threat16AByteThatRottedIsFoundAgain) {
  fill(4);
  // Two in a row: the second, mended, names the first's hash. The last has no successor.
  for (const int seq : {3, 4, static_cast<int>(last_seq)}) {
    run_sql("UPDATE event SET bytes = CAST(replace(bytes, 'MPP Kota', 'MPP Kot\x01') AS BLOB) WHERE seq = " +
            std::to_string(seq));
  }
  run_sql("UPDATE event SET hash = zeroblob(32) WHERE seq = 3");
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ((*store)->salvage()->events, last_seq);
  EXPECT_TRUE((*store)->salvage()->lost.empty());
}

TEST_F(SalvageTest, ReceiptsComeFromTheEvents) {
  fill(6);
  record::AccessCode code = record::AccessCode::random();
  {
    auto store = terminal.open();
    auto again = (*store)->reissue({3273, 12, 4}, "lost", "struk", nullptr);
    ASSERT_TRUE(again);
    code = again->code;
  }
  run_sql("DELETE FROM receipt; DELETE FROM print_job");
  suspect();
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  const auto receipts = *(*store)->receipts();
  ASSERT_EQ(receipts.size(), 7U);
  EXPECT_EQ(receipts[0].print, PrintState::printed);
  EXPECT_EQ(receipts[5].print, PrintState::unknown) << "nobody knows whether it came out";
  EXPECT_EQ((*store)->salvage()->jobs, 4U);
  auto found = (*store)->find_by_code(code);
  ASSERT_TRUE(found && *found);
  EXPECT_FALSE((*found)->voided);
  EXPECT_EQ((*found)->copies, 1);
  EXPECT_TRUE(receipts[3].voided);
}

// What says that a photo exists may be just what was damaged.
TEST_F(SalvageTest, AttachmentsOutliveTheirEvents) {
  std::vector<record::Attachment> photos;
  {
    auto store = terminal.open();
    ASSERT_TRUE(store) << store.error().text;
    const record::Complaint complaint = TerminalFolder::complaint();
    Submission submission = terminal.submission(complaint);
    for (const char* plain : {"first", "second"}) {
      auto kept = (*store)->keep_attachment(record::AttachmentKind::photo, "image/jpeg", record::view_of(plain));
      ASSERT_TRUE(kept) << kept.error().text;
      photos.push_back(*kept);
    }
    submission.attachments = photos;
    ASSERT_TRUE((*store)->submit(std::move(submission)));
  }
  run_sql("PRAGMA wal_checkpoint(TRUNCATE)");
  run_sql("UPDATE event SET bytes = zeroblob(length(bytes)) WHERE seq IN (2, 3)");
  run_sql("DELETE FROM blob WHERE seq = 3");
  suspect();
  const BlobFolder on_disk(terminal.data());
  {
    auto store = terminal.open(3);
    ASSERT_TRUE(store) << store.error().text;
    EXPECT_EQ((*store)->salvage()->forgotten, 2U) << "the centre has the events, and not yet the photos";
    auto reader = IntakeReader::open(terminal.data());
    ASSERT_TRUE(reader);
    const auto named = reader->blobs(0, 10);
    ASSERT_TRUE(named && named->size() == 1) << "the row says what the event cannot";
    EXPECT_EQ((*named)[0].hash, photos[0].blob.hash);
    EXPECT_TRUE(on_disk.has(photos[0].blob.hash));
    const std::string aside = damaged_copies(terminal.data()).back() + "/blobs/";
    EXPECT_TRUE(std::filesystem::exists(aside + record::to_hex(photos[1].blob.hash))) << "nothing names it any more";
  }
  // A power cut may come before the rebuild's own sweep: the next start does it. What was kept since then and named by
  // no report is what it always is.
  const std::string damaged = damaged_copies(terminal.data()).back();
  const auto rebuilt = std::filesystem::last_write_time(damaged);
  std::vector<record::Attachment> left;
  {
    auto store = terminal.open(3);
    ASSERT_TRUE(store) << store.error().text;
    for (const char* plain : {"before", "after"}) {
      auto kept = (*store)->keep_attachment(record::AttachmentKind::photo, "image/jpeg", record::view_of(plain));
      ASSERT_TRUE(kept) << kept.error().text;
      left.push_back(*kept);
    }
  }
  std::filesystem::last_write_time(on_disk.path(left[0].blob.hash), rebuilt);
  std::filesystem::last_write_time(on_disk.path(left[1].blob.hash), rebuilt + std::chrono::milliseconds(1));
  ASSERT_TRUE(terminal.open(3));
  const auto aside = [&](const record::Attachment& one) {
    return std::filesystem::exists(damaged + "/blobs/" + record::to_hex(one.blob.hash));
  };
  EXPECT_FALSE(on_disk.has(left[0].blob.hash));
  EXPECT_FALSE(on_disk.has(left[1].blob.hash));
  EXPECT_TRUE(aside(left[0]));
  EXPECT_FALSE(aside(left[1]));
  EXPECT_TRUE(aside(photos[1])) << "nor is that removed at any later start";
}

// A clock that was ahead when a photo was taken makes the photo no newer than the rebuild.
TEST_F(SalvageTest, AtTheRebuildEveryOrphanIsPutAside) {
  fill(2);
  record::Attachment photo;
  {
    auto store = terminal.open();
    ASSERT_TRUE(store) << store.error().text;
    auto kept = (*store)->keep_attachment(record::AttachmentKind::photo, "image/jpeg", record::view_of("ahead"));
    ASSERT_TRUE(kept) << kept.error().text;
    photo = *kept;
  }
  const std::string path = BlobFolder(terminal.data()).path(photo.blob.hash);
  std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() + std::chrono::hours(24));
  suspect();
  ASSERT_TRUE(terminal.open());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(
      std::filesystem::exists(damaged_copies(terminal.data()).back() + "/blobs/" + record::to_hex(photo.blob.hash)));
}

TEST_F(SalvageTest, SaysWhichEventIsLostAndKeepsTheRest) {
  fill(6);
  run_sql("DELETE FROM event WHERE seq = 5");
  auto store = terminal.open(3);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::conflict);
  EXPECT_NE(store.error().text.find("event 5"), std::string::npos);
  EXPECT_NE(store.error().text.find("enrol"), std::string::npos);
  auto reader = IntakeReader::open(terminal.data());
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->events_from(1, 100, 1 << 20)->size(), 4U) << "the agent sends what comes before";
  EXPECT_EQ(reader->events_from(5, 1, 1 << 20).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(reader->events_from(6, 100, 1 << 20)->size(), last_seq - 5);
}

TEST_F(SalvageTest, ALostFirstPageIsLent) {
  fill(60);
  overwrite(0, 'x');
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ((*store)->salvage()->events, last_seq);
  EXPECT_EQ((*store)->receipts()->size(), 60U);
  EXPECT_EQ((*store)->open_jobs()->size(), 30U);
}

TEST_F(SalvageTest, WhereTheEndIsUnknownNoNumberIsGivenTwice) {
  fill(60);
  const auto pages = std::filesystem::file_size(path()) / k_page;
  for (std::size_t page = 1; page < pages; page++) overwrite(page, 'x');
  for (int n = 0; n < 2; n++) {
    auto store = terminal.open();
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, ErrorKind::conflict) << store.error().text;
    EXPECT_NE(store.error().text.find("enrol"), std::string::npos);
  }
  EXPECT_EQ(copies_aside(), 1U);
}

TEST_F(SalvageTest, LeavesTheFilesAloneWhenThereIsNoRoomToRebuild) {
  fill(3);
  // Its name is taken by a folder: the new database cannot be made.
  std::filesystem::create_directories(terminal.data() + "/intake.db.new/kept");
  suspect();
  auto store = terminal.open();
  ASSERT_FALSE(store);
  EXPECT_EQ(copies_aside(), 0U);
  std::filesystem::remove_all(terminal.data() + "/intake.db.new");
  store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ((*store)->receipts()->size(), 3U);
}

TEST_F(SalvageTest, KeepsFourCopiesAtMost) {
  fill(3);
  for (int n = 0; n < 6; n++) {
    terminal.clock.now_ms += 1'000;
    suspect();
    ASSERT_TRUE(terminal.open());
  }
  EXPECT_EQ(damaged_copies(terminal.data()).size(), 4U);
  EXPECT_TRUE(damaged_copies(terminal.data()).back().find("damaged-2026-11-21T") != std::string::npos);
}

TEST_F(SalvageTest, GoesOnAfterAPowerCutInTheMiddle) {
  fill(4);
  // The new database is whole, the old one and its log still have their names.
  std::filesystem::copy_file(path(), terminal.data() + "/intake.db.rebuilt");
  std::ofstream(path() + "-wal", std::ios::binary | std::ios::trunc) << std::string(9'000, 'w');
  overwrite(0, 'x');
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ((*store)->receipts()->size(), 4U);
  EXPECT_FALSE(std::filesystem::exists(terminal.data() + "/intake.db.rebuilt"));
  // One that is not whole is begun again.
  store->reset();
  std::ofstream(terminal.data() + "/intake.db.new", std::ios::binary) << "half";
  suspect();
  EXPECT_EQ((*terminal.open())->receipts()->size(), 4U);
}

}  // namespace
}  // namespace anjungan::store
