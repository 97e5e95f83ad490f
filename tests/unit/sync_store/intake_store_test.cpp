// SPDX-License-Identifier: Apache-2.0
#include "sync/store/intake_store.h"
#include "sync/store/intake_schema.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "sync/store/intake_reader.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

using record::ErrorKind;

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Runs SQL on a closed store's file, as damage or an older program would.
void run_sql(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, &error), SQLITE_OK) << (error != nullptr ? error : "");
  sqlite3_free(error);
  sqlite3_close(database);
}

TEST(IntakeStore, SubmitMakesNumberEventReceiptAndJob) {
  TerminalFolder terminal;
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  const record::Complaint complaint = terminal.complaint();
  auto issued = (*store)->submit(terminal.submission(complaint));
  ASSERT_TRUE(issued) << issued.error().text;
  EXPECT_EQ(issued->number, (record::TrackingNumber{3273, 12, 1}));
  EXPECT_EQ(issued->seq, 1U);
  EXPECT_TRUE(issued->token.verify(record::SigningKey::from_seed(terminal.seed).public_key()));
  ASSERT_TRUE(issued->due);
  auto jobs = (*store)->open_jobs();
  ASSERT_TRUE(jobs);
  ASSERT_EQ(jobs->size(), 1U);
  EXPECT_EQ(jobs->front().number, issued->number);
  EXPECT_EQ((*store)->payload(issued->job), "payload of " + issued->number.str() + " Sumiati Namasaja");

  auto reader = IntakeReader::open(terminal.data());
  ASSERT_TRUE(reader) << reader.error().text;
  auto events = reader->events_from(1, 10, 1'000'000);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 1U);
  auto event = record::parse_event(events->front().bytes);
  ASSERT_TRUE(event) << event.error().text;
  EXPECT_TRUE(
      std::equal(issued->token.event_prefix.begin(), issued->token.event_prefix.end(), events->front().hash.begin()));
  auto plain = record::open_sealed(*event->sealed, record::seal_context(*event), terminal.escrow);
  ASSERT_TRUE(plain);
  EXPECT_NE(record::to_text(*plain).find("Lubangbesar"), std::string::npos);
}

TEST(IntakeStore, ChainAndNumbersGoOnAfterReopening) {
  TerminalFolder terminal;
  const record::Complaint complaint = terminal.complaint();
  for (int round = 0; round < 3; round++) {
    auto store = terminal.open();
    ASSERT_TRUE(store) << store.error().text;
    for (int n = 0; n < 4; n++) ASSERT_TRUE((*store)->submit(terminal.submission(complaint)));
  }
  auto reader = IntakeReader::open(terminal.data());
  ASSERT_TRUE(reader);
  auto events = reader->events_from(1, 100, 10'000'000);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 12U);
  record::Hash before{};
  for (std::size_t i = 0; i < events->size(); i++) {
    auto event = record::parse_event((*events)[i].bytes);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->seq, i + 1);
    EXPECT_EQ(event->prev, before);
    EXPECT_EQ(record::complaint_facts(event->facts)->number.running, i + 1);
    before = (*events)[i].hash;
  }
}

TEST(Threat07, NothingTypedCanBeReadFromTheDisk) {
  TerminalFolder terminal;
  {
    auto store = terminal.open();
    ASSERT_TRUE(store);
    const record::Complaint complaint = terminal.complaint();
    auto issued = (*store)->submit(terminal.submission(complaint));
    ASSERT_TRUE(issued);
    auto job = (*store)->job(issued->job);
    ASSERT_TRUE(job && *job);
    // Searched while it waits for paper and after it has printed.
    for (const PrintState state : {PrintState::sending, PrintState::printed}) {
      (*job)->state = state;
      ASSERT_TRUE((*store)->update_job(**job));
      for (const auto& entry : std::filesystem::recursive_directory_iterator(terminal.data())) {
        if (!entry.is_regular_file()) continue;
        const std::string bytes = content(entry.path());
        for (const char* word : {"Lubangbesar", "Misaljaya", "duaminggu", "Contohraya", "Sumiati", "Namasaja",
                                 "081234567890", "3273014107650001", "payload of"}) {
          EXPECT_EQ(bytes.find(word), std::string::npos) << word << " in " << entry.path();
        }
        EXPECT_EQ(bytes.find(issued->code.compact()), std::string::npos) << entry.path();
        EXPECT_EQ(bytes.find(record::to_text(issued->token.secret)), std::string::npos) << entry.path();
      }
    }
  }
}

TEST(IntakeStore, PrintingIsAnEventAndWipesThePayload) {
  TerminalFolder terminal;
  auto store = terminal.open();
  ASSERT_TRUE(store);
  const record::Complaint complaint = terminal.complaint();
  auto issued = (*store)->submit(terminal.submission(complaint));
  ASSERT_TRUE(issued);
  auto job = (*store)->job(issued->job);
  ASSERT_TRUE(job && *job);
  (*job)->state = PrintState::printed;
  ASSERT_TRUE((*store)->update_job(**job));
  EXPECT_EQ((*store)->last_seq(), 2U);
  EXPECT_EQ((*store)->payload(issued->job).error().kind, ErrorKind::not_found);
  EXPECT_TRUE((*store)->open_jobs()->empty());
  EXPECT_EQ((*store)->receipts()->front().print, PrintState::printed);
}

TEST(IntakeStore, AfterARebootTheReceiptIsReissuedShort) {
  TerminalFolder terminal;
  const record::Complaint complaint = terminal.complaint();
  record::TrackingNumber number;
  record::AccessCode old_code = record::AccessCode::random();
  {
    auto store = terminal.open();
    ASSERT_TRUE(store);
    auto issued = (*store)->submit(terminal.submission(complaint));
    ASSERT_TRUE(issued);
    number = issued->number;
    old_code = issued->code;
  }
  std::filesystem::remove(terminal.runtime() + "/print.key");  // the memory is gone with the power
  auto store = terminal.open();
  ASSERT_TRUE(store);
  auto jobs = (*store)->open_jobs();
  ASSERT_TRUE(jobs);
  ASSERT_EQ(jobs->size(), 1U);
  EXPECT_EQ((*store)->payload(jobs->front().id).error().kind, ErrorKind::crypto);
  auto again = (*store)->reissue(number, "power", "struk", [](const Issued& issued) { return issued.number.str(); });
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(again->number, number);
  EXPECT_NE(again->code, old_code);
  EXPECT_EQ((*store)->open_jobs()->size(), 1U);
  EXPECT_EQ((*store)->open_jobs()->front().copy, 1);
  auto old_receipt = (*store)->find_by_code(old_code);
  ASSERT_TRUE(old_receipt && *old_receipt);
  EXPECT_TRUE((*old_receipt)->voided);
  EXPECT_FALSE((*(*store)->find_by_code(again->code))->voided);
  EXPECT_EQ((*store)->reissue({3273, 12, 99}, "lost", "struk", nullptr).error().kind, ErrorKind::not_found);
}

TEST(IntakeStore, HasOneWriter) {
  TerminalFolder terminal;
  auto first = terminal.open();
  ASSERT_TRUE(first);
  auto second = terminal.open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
}

TEST(IntakeStore, FilesAreForTheGroupAlone) {
  TerminalFolder terminal;
  auto store = terminal.open();
  ASSERT_TRUE(store);
  struct stat info{};
  ASSERT_EQ(stat((terminal.data() + "/intake.db").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0660U);
  ASSERT_EQ(stat(terminal.data().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 02770U);
  ASSERT_EQ(stat((terminal.runtime() + "/print.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST(IntakeStore, AReaderWorksWhileTheWriterRunsAndAfterIt) {
  TerminalFolder terminal;
  auto store = terminal.open();
  ASSERT_TRUE(store);
  const record::Complaint complaint = terminal.complaint();
  auto reader = IntakeReader::open(terminal.data());
  ASSERT_TRUE(reader) << reader.error().text;
  ASSERT_TRUE((*store)->submit(terminal.submission(complaint)));
  EXPECT_EQ(reader->last_seq(), 1U);
  store->reset();
  auto later = IntakeReader::open(terminal.data());
  ASSERT_TRUE(later) << later.error().text;
  EXPECT_EQ(later->last_seq(), 1U);
  EXPECT_EQ(later->receipts()->size(), 1U);
}

TEST(IntakeStore, FindsAChangedEventAtOpening) {
  TerminalFolder terminal;
  const record::Complaint complaint = terminal.complaint();
  {
    auto store = terminal.open();
    ASSERT_TRUE(store);
    for (int n = 0; n < 3; n++) ASSERT_TRUE((*store)->submit(terminal.submission(complaint)));
  }
  run_sql(terminal.data() + "/intake.db",
          "UPDATE event SET bytes = CAST(replace(bytes, 'coblong', 'COBLONG') AS BLOB) WHERE seq = 2");
  // What the centre has confirmed is not read again at every start.
  EXPECT_TRUE(terminal.open(3));
  // Nobody else has it: what it said cannot be found anywhere.
  for (int n = 0; n < 2; n++) {
    auto store = terminal.open();
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, ErrorKind::conflict);
    EXPECT_NE(store.error().text.find("event 2"), std::string::npos);
  }
}

TEST(IntakeStore, FindsAMissingEventAtOpening) {
  TerminalFolder terminal;
  const record::Complaint complaint = terminal.complaint();
  {
    auto store = terminal.open();
    ASSERT_TRUE(store);
    for (int n = 0; n < 3; n++) ASSERT_TRUE((*store)->submit(terminal.submission(complaint)));
  }
  run_sql(terminal.data() + "/intake.db", "DELETE FROM event WHERE seq = 2");
  EXPECT_EQ(terminal.open().error().kind, ErrorKind::conflict);
}

TEST(IntakeStore, ARestoredDiskStopsIntake) {
  TerminalFolder terminal;
  {
    ASSERT_TRUE(terminal.open());
  }
  auto store = terminal.open(5);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::conflict);
  EXPECT_NE(store.error().text.find("enrol the terminal again"), std::string::npos);
}

TEST(IntakeStore, AnOlderDatabaseIsBroughtUpToDate) {
  TerminalFolder terminal;
  {
    auto store = terminal.open();
    ASSERT_TRUE(store);
    const record::Complaint complaint = TerminalFolder::complaint();
    ASSERT_TRUE((*store)->submit(terminal.submission(complaint)));
  }
  run_sql(terminal.data() + "/intake.db",
          "ALTER TABLE print_job DROP COLUMN mark; ALTER TABLE print_job DROP COLUMN length_mm; DROP TABLE printer; "
          "DROP TABLE blob; DROP TABLE command; "
          "PRAGMA user_version=1");
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  auto jobs = (*store)->open_jobs();
  ASSERT_TRUE(jobs);
  ASSERT_EQ(jobs->size(), 1U);
  EXPECT_EQ(jobs->front().mark, 0);
  EXPECT_EQ((*store)->printer("struk")->used_mm, 0);
}

TEST(IntakeStore, CountsThePaperOfEachPrinterOnce) {
  TerminalFolder terminal;
  auto store = terminal.open();
  ASSERT_TRUE(store);
  const record::Complaint complaint = TerminalFolder::complaint();
  ASSERT_TRUE((*store)->submit(terminal.submission(complaint)));
  PrintJob job = (*store)->open_jobs()->front();
  const auto move_on = [&](PrintState state, int length_mm) {
    job.state = state;
    job.length_mm = length_mm;
    ASSERT_TRUE((*store)->update_job(job));
    job = **(*store)->job(job.id);
  };
  move_on(PrintState::sending, 140);
  move_on(PrintState::failed, job.length_mm);
  EXPECT_EQ((*store)->printer("struk")->used_mm, 0) << "nothing came out";
  move_on(PrintState::sending, 140);
  move_on(PrintState::unknown, job.length_mm);
  EXPECT_EQ((*store)->printer("struk")->used_mm, 140) << "something may have come out";
  move_on(PrintState::unknown, job.length_mm);
  EXPECT_EQ((*store)->printer("struk")->used_mm, 140);
  job.printer = "fallback";
  move_on(PrintState::sending, 150);
  move_on(PrintState::printed, job.length_mm);
  EXPECT_EQ((*store)->printer("struk")->used_mm, 140);
  EXPECT_EQ((*store)->printer("fallback")->used_mm, 150);
}

TEST(IntakeStore, KeepsWhatStaffSaidOfAPrinter) {
  TerminalFolder terminal;
  {
    auto store = terminal.open();
    ASSERT_TRUE(store);
    const std::uint64_t before = (*store)->last_seq();
    ASSERT_TRUE((*store)->update_printer({"struk", 5, 900, 7}, {{"printer", "struk"}, {"deed", "pause"}}));
    EXPECT_EQ((*store)->last_seq(), before + 1);
  }
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  const auto note = (*store)->printer("struk");
  ASSERT_TRUE(note);
  EXPECT_EQ(note->paused_ms, 5);
  EXPECT_EQ(note->used_mm, 900);
  EXPECT_EQ(note->changed_ms, 7);
  EXPECT_EQ((*store)->printer("nobody")->changed_ms, 0);
  EXPECT_EQ(IntakeReader::open(terminal.data())->last_seq(), (*store)->last_seq());
}

TEST(IntakeStore, ANewerDatabaseIsLeftAlone) {
  TerminalFolder terminal;
  {
    ASSERT_TRUE(terminal.open());
  }
  run_sql(terminal.data() + "/intake.db", ("PRAGMA user_version=" + std::to_string(k_intake_schema + 1)).c_str());
  auto store = terminal.open();
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().text.find("newer program"), std::string::npos);
}

TEST(IntakeStore, StopsAtTheLastRunningNumber) {
  TerminalFolder terminal;
  const record::Complaint complaint = terminal.complaint();
  {
    auto store = terminal.open();
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->submit(terminal.submission(complaint)));
  }
  run_sql(terminal.data() + "/intake.db", "UPDATE receipt SET running = 999999");
  auto store = terminal.open();
  ASSERT_TRUE(store);
  auto issued = (*store)->submit(terminal.submission(complaint));
  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::conflict);
}

TEST(Threat12, ADeadClockPrintsNoDates) {
  TerminalFolder terminal;
  terminal.clock.now_ms = 5'000;
  auto store = terminal.open();
  ASSERT_TRUE(store);
  const record::Complaint complaint = terminal.complaint();
  auto issued = (*store)->submit(terminal.submission(complaint));
  ASSERT_TRUE(issued);
  EXPECT_FALSE(issued->due);
  EXPECT_EQ(issued->token.minutes, 0U);
  EXPECT_EQ(issued->token.flags, record::ReceiptToken::k_clock_not_sane);
}

TEST(IntakeStore, RefusesBelowTheLowWaterMarkBeforeANumberIsIssued) {
  TerminalFolder terminal;
  IntakeOptions options;
  options.ballast_bytes = 0;
  options.low_water_bytes = ~0ULL >> 1;  // no disk has that much
  options.clock = &terminal.clock;
  auto store = IntakeStore::open(terminal.data(), terminal.runtime(), terminal.identity,
                                 record::SigningKey::from_seed(terminal.seed), options);
  ASSERT_TRUE(store) << store.error().text;
  const record::Complaint complaint = terminal.complaint();
  auto issued = (*store)->submit(terminal.submission(complaint));
  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::full);
  EXPECT_TRUE((*store)->receipts()->empty());
  EXPECT_EQ((*store)->last_seq(), 0U);
}

TEST(IntakeStore, RefusesAComplaintThatWasNotChecked) {
  TerminalFolder terminal;
  auto store = terminal.open();
  ASSERT_TRUE(store);
  record::Complaint complaint = terminal.complaint();
  complaint.nik = "123";
  auto issued = (*store)->submit(terminal.submission(complaint));
  ASSERT_FALSE(issued);
  EXPECT_TRUE(issued.error().text.starts_with("nik: ")) << issued.error().text;
  EXPECT_EQ(issued.error().text.find("123"), std::string::npos);
}

TEST(IntakeStore, KeepsQuestionsUntilTheyAreForgotten) {
  TerminalFolder terminal;
  auto store = terminal.open();
  ASSERT_TRUE(store);
  Question question;
  question.id = record::Uuid::make(1);
  question.asked_ms = 7;
  ASSERT_TRUE((*store)->ask(question));
  auto reader = IntakeReader::open(terminal.data());
  ASSERT_TRUE(reader);
  ASSERT_EQ(reader->questions()->size(), 1U);
  EXPECT_EQ(reader->questions()->front().id, question.id);
  ASSERT_TRUE((*store)->forget_question(question.id));
  EXPECT_TRUE(reader->questions()->empty());
}

}  // namespace
}  // namespace anjungan::store
