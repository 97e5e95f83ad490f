// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/slip.h"

#include <gtest/gtest.h>

#include <atomic>

#include "printer/spool/virtual_printer.h"
#include "sync/slip/ledger.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::slip {
namespace {

const catalogue::Catalogue& bandung() {
  static const catalogue::Catalogue city = *catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  return city;
}

Hall hall() {
  return {"Pemerintah Kota Bandung", "Mal Pelayanan Publik",        "MPP Kota Bandung", "Lantai 1",
          "(022) 555-0142",          "https://lapor.example.go.id", record::Zone::wib};
}

std::string all_of(const receipt::Content& content) {
  std::string out = content.number + content.time + content.place + content.qr + content.code + content.rights +
                    content.state + content.rows_note;
  for (const auto& row : content.rows) out += row.label + row.value;
  for (const auto& row : content.due) out += row.label + row.value;
  return out;
}

class SlipTest : public testing::Test {
 protected:
  receipt::Content receipt_of(const record::Complaint& complaint, std::int64_t delivered_ms = 0) {
    auto store = terminal.open();
    EXPECT_TRUE(store);
    store::Submission submission = terminal.submission(complaint);
    std::string text;
    submission.payload = [&](const store::Issued& one) { return text = payload(one, complaint, hall(), bandung()); };
    auto done = (*store)->submit(std::move(submission));
    EXPECT_TRUE(done);
    issued = *done;
    auto words = content(text, hall(), delivered_ms);
    EXPECT_TRUE(words) << words.error().text;
    return *words;
  }
  store::TerminalFolder terminal;
  store::Issued issued;
};

TEST_F(SlipTest, SaysWhatAReceiptMust) {
  const auto words = receipt_of(store::TerminalFolder::complaint());
  EXPECT_EQ(words.number, issued.number.str());
  EXPECT_EQ(words.code, issued.code.str());
  EXPECT_EQ(words.qr, record::token_url("https://lapor.example.go.id", issued.token));
  EXPECT_EQ(words.place, "Anjungan 0012 · Lantai 1, MPP Kota Bandung");
  EXPECT_EQ(words.rows[0].value, "Sumiati Namasaja");
  EXPECT_EQ(words.rows[3].value, "Jalan dan jembatan: Jalan berlubang atau rusak");
  EXPECT_EQ(words.due.size(), 3U);
  EXPECT_NE(words.rights.find("Ombudsman"), std::string::npos);
  EXPECT_FALSE(words.delivered);
  // Neither NIK nor telephone number is ever printed, and the QR holds nothing personal.
  EXPECT_EQ(all_of(words).find("3273014107650001"), std::string::npos);
  EXPECT_EQ(all_of(words).find("081234567890"), std::string::npos);
}

TEST_F(SlipTest, HidesWhatTheReporterHides) {
  record::Complaint complaint = store::TerminalFolder::complaint();
  complaint.privacy = record::Privacy::anonymous;
  auto words = receipt_of(complaint);
  EXPECT_EQ(all_of(words).find("Namasaja"), std::string::npos);
  EXPECT_NE(words.rows[0].value.find("Anonim"), std::string::npos);
}

TEST_F(SlipTest, AConfidentialOneHasNoSubject) {
  record::Complaint complaint = store::TerminalFolder::complaint();
  complaint.privacy = record::Privacy::confidential;
  const auto words = receipt_of(complaint);
  EXPECT_EQ(all_of(words).find("Lubangbesar"), std::string::npos);
  EXPECT_EQ(all_of(words).find("Namasaja"), std::string::npos);
}

TEST_F(SlipTest, SpeaksEnglishToWhoChoseIt) {
  record::Complaint complaint = store::TerminalFolder::complaint();
  complaint.language = record::Language::english;
  const auto words = receipt_of(complaint, terminal.clock.now_ms + 60'000);
  EXPECT_EQ(words.title, "Receipt for your report");
  EXPECT_TRUE(words.delivered);
  EXPECT_NE(words.state.find("Received at the centre"), std::string::npos);
}

TEST_F(SlipTest, ADeadClockPrintsNoDates) {
  terminal.clock.now_ms = 0;
  const auto words = receipt_of(store::TerminalFolder::complaint());
  EXPECT_TRUE(words.time.empty());
  EXPECT_TRUE(words.due.empty());
  EXPECT_FALSE(words.rows_note.empty());
}

TEST_F(SlipTest, RefusesADamagedPayload) {
  for (const char* text : {"", "{}", "[]", "{\"number\":7}", "{\"number\":\"3273-0012-000427-0\"}"}) {
    EXPECT_FALSE(content(text, hall(), 0)) << text;
  }
}

class LedgerTest : public SlipTest {
 protected:
  void SetUp() override {
    store = *terminal.open();
    const record::Complaint complaint = store::TerminalFolder::complaint();
    store::Submission submission = terminal.submission(complaint);
    submission.payload = [&](const store::Issued& one) { return payload(one, complaint, hall(), bandung()); };
    id = (*store).submit(std::move(submission))->job;
  }
  spool::Job next() { return **ledger->next(); }
  void end_as(spool::JobState state) {
    spool::Job job = next();
    job.state = state;
    ASSERT_TRUE(ledger->record(job));
  }
  std::unique_ptr<store::IntakeStore> store;
  std::int64_t id = 0;
  std::mutex mutex;
  std::unique_ptr<Ledger> ledger_of() {
    return std::make_unique<Ledger>(
        *store, mutex, hall(), [](const record::TrackingNumber&) { return std::int64_t{0}; }, Share{},
        std::make_shared<Ages>([this] { return steady; }));
  }
  std::int64_t steady = 1'000'000;
  std::unique_ptr<Ledger> ledger;
};

TEST_F(LedgerTest, AnOpenOutcomeIsPrintedAgainUnderAMark) {
  ledger = ledger_of();
  const std::string first = next().title;
  end_as(spool::JobState::unknown);
  const spool::Job again = next();
  EXPECT_EQ(again.state, spool::JobState::queued);
  EXPECT_EQ(again.title, first + "-mark-1");
  EXPECT_EQ((*store->job(id))->mark, 1);
  ASSERT_TRUE(ledger->document(again, receipt::k_roll_80));
  const std::string text = *store->payload(id);
  const auto words = content(text, hall(), 0, {1, terminal.clock.now_ms});
  ASSERT_TRUE(words && words->copy);
  EXPECT_EQ(words->copy->bar, "CETAK ULANG 1");
  EXPECT_EQ(words->code, content(text, hall(), 0)->code) << "a photographed screen must stay valid";
  end_as(spool::JobState::unknown);
  EXPECT_EQ(next().title, first + "-mark-2");
  end_as(spool::JobState::failed);
  EXPECT_EQ(next().title, first + "-mark-2") << "nothing came out: no new mark";
}

TEST_F(LedgerTest, LaterAPersonDecides) {
  ledger = ledger_of();
  end_as(spool::JobState::failed);
  steady += k_valid_ms + 1;
  EXPECT_FALSE(ledger->next()->has_value());
  EXPECT_EQ((*store->job(id))->reason, k_expired);
  EXPECT_EQ((*store->open_jobs())[0].id, id) << "it is kept";
  ASSERT_TRUE(ledger->retry(id, "test"));
  EXPECT_EQ(next().title.find("mark"), std::string::npos);
  end_as(spool::JobState::unknown);
  EXPECT_FALSE(ledger->next()->has_value());
  ASSERT_TRUE(ledger->retry(id, "test"));
  EXPECT_NE(next().title.find("-mark-1"), std::string::npos);
  end_as(spool::JobState::failed);
  EXPECT_FALSE(ledger->next()->has_value());
  ASSERT_TRUE(ledger->abandon(id, "test"));
  EXPECT_TRUE(store->open_jobs()->empty());
  EXPECT_FALSE(store->payload(id));
  EXPECT_FALSE(ledger->retry(id, "test"));
}

TEST_F(LedgerTest, AClockThatIsSetMakesNoReceiptOldOrYoung) {
  ledger = ledger_of();
  end_as(spool::JobState::failed);
  const std::int64_t then = terminal.clock.now_ms;
  terminal.clock.now_ms = then + 365LL * 24 * 3'600'000;
  EXPECT_EQ(next().id, id) << "a minute old, whatever the clock says";
  terminal.clock.now_ms = then - 10LL * 365 * 24 * 3'600'000;
  EXPECT_EQ(next().id, id);
  steady += k_valid_ms + 1;
  EXPECT_FALSE(ledger->next()->has_value()) << "the clock went back: it is old all the same";
}

TEST_F(LedgerTest, AfterARestartAnAgeThatNobodyKnowsIsAPersonsMatter) {
  ledger = ledger_of();
  end_as(spool::JobState::failed);
  terminal.clock.now_ms -= 30'000;
  ledger = ledger_of();
  EXPECT_EQ(next().id, id) << "a clock that was corrected a little";
  terminal.clock.now_ms -= 3'600'000;
  ledger = ledger_of();
  EXPECT_FALSE(ledger->next()->has_value());
  EXPECT_EQ((*store->job(id))->reason, k_expired);
}

TEST_F(LedgerTest, AReceiptThatNeverConfirmsStopsAtAPerson) {
  ledger = ledger_of();
  for (int n = 0; n <= k_most_marks; n++) {
    EXPECT_EQ((*store->job(id))->mark, std::max(0, n - 1));
    end_as(spool::JobState::unknown);
  }
  EXPECT_FALSE(ledger->next()->has_value());
  EXPECT_FALSE(ledger->next()->has_value());
  EXPECT_EQ((*store->job(id))->reason, k_uncertain);
  EXPECT_EQ((*store->job(id))->mark, k_most_marks);
  EXPECT_EQ((*store->open_jobs())[0].id, id) << "it stays in the list";
  ASSERT_TRUE(ledger->move(id, "other", "desk", false));
  EXPECT_EQ((*store->job(id))->mark, k_most_marks) << "nor does it go elsewhere by itself";
  EXPECT_NE((*store->job(id))->printer, "other");
  ASSERT_TRUE(ledger->retry(id, "test"));
  EXPECT_NE(next().title.find("-mark-6"), std::string::npos);
  end_as(spool::JobState::unknown);
  EXPECT_FALSE(ledger->next()->has_value()) << "each further copy is a person's";
  ASSERT_TRUE(ledger->retry(id, "test"));
  end_as(spool::JobState::failed);
  EXPECT_TRUE(ledger->next()->has_value()) << "nothing came out: that copy still may";
}

/// The whole way: a report's job from the store to the picture; and after a power cut its short form, marked.
TEST_F(SlipTest, AfterAPowerCutTheShortFormIsPrinted) {
  const record::Complaint complaint = store::TerminalFolder::complaint();
  {
    auto store = terminal.open();
    ASSERT_TRUE(store);
    auto done = (*store)->submit(terminal.submission(complaint));
    ASSERT_TRUE(done);
    issued = *done;
  }
  std::filesystem::remove(terminal.runtime() + "/print.key");
  auto store = terminal.open();
  ASSERT_TRUE(store);
  std::mutex mutex;
  Ledger ledger(**store, mutex, hall(), [](const record::TrackingNumber&) { return std::int64_t{0}; });
  auto printer = spool::VirtualPrinter::open(terminal.root + "/receipts", receipt::k_roll_80);
  ASSERT_TRUE(printer);
  std::mutex changed_mutex;
  std::condition_variable changed;
  spool::Spool spool(std::move(*printer), ledger, [&] { changed.notify_all(); }, {5, 20, 20, 1'000});
  const std::string picture = terminal.root + "/receipts/" + job_title(issued.number, 1) + ".png";
  const auto settled = [&] {
    const std::lock_guard guard(mutex);
    return (*store)->open_jobs()->empty();
  };
  std::unique_lock guard(changed_mutex);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!settled() && std::chrono::steady_clock::now() < deadline)
    changed.wait_for(guard, std::chrono::milliseconds(20));
  EXPECT_TRUE(settled());
  EXPECT_TRUE(std::filesystem::exists(picture));
  EXPECT_FALSE(std::filesystem::exists(terminal.root + "/receipts/" + job_title(issued.number, 0) + ".png"));
}

}  // namespace
}  // namespace anjungan::slip
