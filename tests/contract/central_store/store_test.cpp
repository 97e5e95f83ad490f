// SPDX-License-Identifier: Apache-2.0
// The words of store.h, asked of both databases.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include "sync/central/store/store.h"
#include "tests/contract/central_store/both_stores.h"

namespace anjungan::central {
namespace {

using record::ErrorKind;
using record::Result;

enum class Kind { sqlite, postgres };

class CentralStore : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "anjungan-store-XXXXXX").string();
    m_folder = mkdtemp(pattern.data());
    if (GetParam() == Kind::postgres) {
      ASSERT_TRUE(server().running()) << server().why();
      m_url = server().new_database();
    }
    open();
  }
  void TearDown() override {
    m_store.reset();
    std::filesystem::remove_all(m_folder);
  }

  void open() {
    m_store.reset();
    auto opened = open_store(m_url, m_folder);
    ASSERT_TRUE(opened) << opened.error().text;
    m_store = std::move(*opened);
  }

  template <class Work>
  void write(Work work) {
    auto done = m_store->write([&](Writer& out) -> Result<void> {
      work(out);
      return {};
    });
    ASSERT_TRUE(done) << done.error().text;
  }
  template <class Work>
  void read(Work work) {
    auto done = m_store->read([&](Reader& in) -> Result<void> {
      work(in);
      return {};
    });
    ASSERT_TRUE(done) << done.error().text;
  }

  static EventRow event(std::uint64_t seq, const std::string& text) {
    EventRow out;
    out.seq = seq;
    out.id = record::Uuid::make(1'700'000'000'000);
    out.bytes.assign(text.begin(), text.end());
    out.hash = record::hash(out.bytes);
    out.clock_offset_ms = -250;
    return out;
  }

  std::string m_folder;
  std::string m_url;
  std::unique_ptr<Store> m_store;
};

INSTANTIATE_TEST_SUITE_P(Both, CentralStore, testing::Values(Kind::sqlite, Kind::postgres),
                         [](const auto& one) { return one.param == Kind::sqlite ? "Sqlite" : "Postgres"; });

Device sample_device() {
  Device out;
  out.id = {3273, 12};
  out.state = DeviceState::active;
  out.office = "MPP \"Kota\"; DROP TABLE event; --";
  out.place = "Lantai 1 – ruang Ω 😀";
  out.software = "anjungan 0.1";
  out.receipt_key.fill(1);
  out.device_key.fill(0);
  out.join_counter = 7;
  out.acked_seq = 5;
  out.acked_hash.fill(9);
  out.stored_seq = 8;
  out.told_seq = 11;
  out.revoked_from = 6;
  out.enrolled_ms = 1;
  out.seen_ms = -2;
  out.clock_offset_ms = -3'000'000'000;
  out.duplicates = 1;
  out.conflicts = 2;
  out.quarantined = 3;
  return out;
}

TEST_P(CentralStore, KeepsFormerKeysInOrderAndForGood) {
  const Device device = sample_device();
  FormerKeys second{device.id.str(), 2, {}, {}, 20, 30, 0, 0, {}};
  second.receipt_key.fill(3);
  second.device_key.fill(4);
  second.request.fill(5);
  FormerKeys first{device.id.str(), 1, device.receipt_key, device.device_key, -10, 20, 11, 17, {}};
  first.request.fill(6);
  write([&](Writer& out) {
    ASSERT_TRUE(out.add_device(device));
    ASSERT_TRUE(out.add_former_keys(second));
    ASSERT_TRUE(out.add_former_keys(first));
    EXPECT_TRUE(out.put_keys(device.id, second.device_key, second.receipt_key));
    EXPECT_EQ(out.put_keys({3273, 13}, {}, {}).error().kind, ErrorKind::not_found);
  });
  // A change that is there already is never changed into another.
  const auto taken = m_store->write([&](Writer& out) -> Result<void> { return out.add_former_keys(first); });
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, ErrorKind::conflict);
  open();
  read([&](Reader& in) {
    const Device kept = in.device(device.id).value().value();
    EXPECT_EQ(kept.key_changes, 2U);
    EXPECT_EQ(kept.receipt_key, second.device_key);
    EXPECT_EQ(kept.device_key, second.receipt_key);
    EXPECT_EQ(in.devices().value()[0].key_changes, 2U);
    const auto rows = in.former_keys(device.id.str()).value();
    ASSERT_EQ(rows.size(), 2U);
    for (const auto& [row, wanted] : {std::pair{rows[0], first}, std::pair{rows[1], second}}) {
      EXPECT_EQ(row.serial, wanted.serial);
      EXPECT_EQ(row.receipt_key, wanted.receipt_key);
      EXPECT_EQ(row.device_key, wanted.device_key);
      EXPECT_EQ(row.from_ms, wanted.from_ms);
      EXPECT_EQ(row.until_ms, wanted.until_ms);
      EXPECT_EQ(row.told_seq, wanted.told_seq);
      EXPECT_EQ(row.receipt_end, wanted.receipt_end);
      EXPECT_EQ(row.request, wanted.request);
    }
    EXPECT_TRUE(in.former_keys("3273-0013").value().empty());
  });
  write([&](Writer& out) { ASSERT_TRUE(out.end_receipt_key(device.id.str(), 2, 40)); });
  read([&](Reader& in) { EXPECT_EQ(in.former_keys(device.id.str()).value()[1].receipt_end, 40U); });
  // The ends are projections, the keys are not.
  write([&](Writer& out) { ASSERT_TRUE(out.clear_projections()); });
  read([&](Reader& in) {
    const auto rows = in.former_keys(device.id.str()).value();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].receipt_end, 0U);
    EXPECT_EQ(rows[1].receipt_end, 0U);
  });
}

TEST_P(CentralStore, KeepsADeviceAndEveryOneOfItsFields) {
  const Device device = sample_device();
  write([&](Writer& out) { ASSERT_TRUE(out.add_device(device)); });
  open();
  read([&](Reader& in) {
    const auto all = in.devices().value();
    ASSERT_EQ(all.size(), 1U);
    const Device kept = in.device(device.id).value().value();
    for (const Device& one : {kept, all[0]}) {
      EXPECT_EQ(one.id, device.id);
      EXPECT_EQ(one.state, device.state);
      EXPECT_EQ(one.office, device.office);
      EXPECT_EQ(one.place, device.place);
      EXPECT_EQ(one.software, device.software);
      EXPECT_EQ(one.receipt_key, device.receipt_key);
      EXPECT_EQ(one.device_key, device.device_key);
      EXPECT_EQ(one.join_counter, device.join_counter);
      EXPECT_EQ(one.acked_seq, device.acked_seq);
      EXPECT_EQ(one.acked_hash, device.acked_hash);
      EXPECT_EQ(one.stored_seq, device.stored_seq);
      EXPECT_EQ(one.told_seq, device.told_seq);
      EXPECT_EQ(one.revoked_from, device.revoked_from);
      EXPECT_EQ(one.enrolled_ms, device.enrolled_ms);
      EXPECT_EQ(one.seen_ms, device.seen_ms);
      EXPECT_EQ(one.clock_offset_ms, device.clock_offset_ms);
      EXPECT_EQ(one.duplicates, device.duplicates);
      EXPECT_EQ(one.conflicts, device.conflicts);
      EXPECT_EQ(one.quarantined, device.quarantined);
    }
    EXPECT_FALSE(in.device({3273, 13}).value());
  });
}

TEST_P(CentralStore, GivesADevicesNameOnceAndNeverChangesItsKeys) {
  Device device = sample_device();
  write([&](Writer& out) { ASSERT_TRUE(out.add_device(device)); });
  const auto again = m_store->write([&](Writer& out) { return out.add_device(device); });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::conflict);
  device.device_key.fill(5);
  device.join_counter = 8;
  write([&](Writer& out) { ASSERT_TRUE(out.put_device(device)); });
  read([&](Reader& in) {
    EXPECT_EQ(in.device(device.id).value()->join_counter, 8U);
    EXPECT_EQ(in.device(device.id).value()->device_key, sample_device().device_key);
  });
  device.id.terminal = 13;
  const auto nobody = m_store->write([&](Writer& out) { return out.put_device(device); });
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().kind, ErrorKind::not_found);
}

TEST_P(CentralStore, UniqueKeysDecideWhatBecomesOfAnEvent) {
  const EventRow first = event(1, "first");
  EventRow same_id = event(3, "third");
  same_id.id = first.id;
  // Of a work that ran twice the last run counts.
  std::vector<Inserted> inserted;
  write([&](Writer& out) {
    const EventRow rows[] = {first, event(2, "second"), same_id, event(2, "other")};
    inserted = out.insert_events("a", rows).value();
    EXPECT_TRUE(out.insert_events("a", {}).value().empty());
  });
  EXPECT_EQ(inserted,
            (std::vector<Inserted>{Inserted::stored, Inserted::stored, Inserted::conflict, Inserted::conflict}));
  std::vector<Inserted> of_another;
  write([&](Writer& out) {
    const EventRow rows[] = {event(2, "other"), first, event(3, "third"), event(3, "third")};
    inserted = out.insert_events("a", rows).value();
    of_another = out.insert_events("b", {&first, 1}).value();
  });
  EXPECT_EQ(inserted,
            (std::vector<Inserted>{Inserted::conflict, Inserted::duplicate, Inserted::stored, Inserted::duplicate}));
  // Another device may use the same seq and the same id.
  EXPECT_EQ(of_another, std::vector<Inserted>{Inserted::stored});
  read([&](Reader& in) {
    EXPECT_EQ(in.event_count("a").value(), 3U);
    EXPECT_EQ(in.event("a", 2).value().value(), event(2, "second").bytes);
    EXPECT_FALSE(in.event("a", 4).value());
    EXPECT_EQ(in.head("a").value(), (std::pair<std::uint64_t, record::Hash>{3, event(3, "third").hash}));
    EXPECT_EQ(in.head("c").value().first, 0U);
    const auto page = in.events("a", 1, 1).value();
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page[0].seq, 2U);
    EXPECT_EQ(page[0].clock_offset_ms, -250);
    EXPECT_EQ(in.events("a", 0, 1).value()[0].id, first.id);
    const auto hashes = in.event_hashes("a", 1, 9).value();
    ASSERT_EQ(hashes.size(), 2U);
    EXPECT_EQ(hashes[1].second, event(3, "third").hash);
  });
}

TEST_P(CentralStore, AWorkThatFailsChangesNothing) {
  const auto done = m_store->write([&](Writer& out) -> Result<void> {
    const EventRow row = event(1, "one");
    EXPECT_TRUE(out.insert_events("a", {&row, 1}));
    EXPECT_TRUE(out.set_meta("k", record::view_of("v")));
    return record::fail(ErrorKind::invalid, "not today");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "not today");
  read([&](Reader& in) {
    EXPECT_EQ(in.event_count("a").value(), 0U);
    EXPECT_FALSE(in.meta("k").value());
  });
}

TEST_P(CentralStore, TheSameFromManyThreadsIsStoredOnce) {
  std::vector<EventRow> rows;
  for (std::uint64_t seq = 1; seq <= 50; seq++) rows.push_back(event(seq, "event " + std::to_string(seq)));
  std::atomic<int> stored{0};
  std::vector<std::thread> threads;
  for (int n = 0; n < 16; n++) {
    threads.emplace_back([&] {
      int mine = 0;
      const auto done = m_store->write([&](Writer& out) -> Result<void> {
        mine = 0;
        const auto inserted = out.insert_events("a", rows);
        if (!inserted) return tl::unexpected(inserted.error());
        for (const Inserted one : *inserted) {
          EXPECT_NE(one, Inserted::conflict);
          if (one == Inserted::stored) mine++;
        }
        return {};
      });
      EXPECT_TRUE(done) << done.error().text;
      stored += mine;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(stored, 50);
  read([&](Reader& in) { EXPECT_EQ(in.event_count("a").value(), 50U); });
}

TEST_P(CentralStore, WhoLocksANameIsAloneWithIt) {
  std::vector<std::thread> threads;
  for (int n = 0; n < 8; n++) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; i++) {
        const auto done = m_store->write([&](Writer& out) -> Result<void> {
          if (auto locked = out.lock("counter"); !locked) return locked;
          const auto before = out.meta("counter");
          if (!before) return tl::unexpected(before.error());
          const int count = *before ? std::stoi(record::to_text(**before)) : 0;
          return out.set_meta("counter", record::view_of(std::to_string(count + 1)));
        });
        EXPECT_TRUE(done) << done.error().text;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  read([&](Reader& in) { EXPECT_EQ(record::to_text(in.meta("counter").value().value()), "160"); });
}

TEST_P(CentralStore, AReadSeesOneMoment) {
  std::atomic<bool> ended{false};
  write([](Writer& out) {
    ASSERT_TRUE(out.set_meta("a", record::view_of("0")));
    ASSERT_TRUE(out.set_meta("b", record::view_of("0")));
  });
  std::thread writer([&] {
    for (int n = 1; n <= 200; n++) {
      const std::string text = std::to_string(n);
      write([&](Writer& out) {
        ASSERT_TRUE(out.set_meta("a", record::view_of(text)));
        ASSERT_TRUE(out.set_meta("b", record::view_of(text)));
      });
    }
    ended = true;
  });
  while (!ended) {
    read([](Reader& in) { EXPECT_EQ(in.meta("a").value(), in.meta("b").value()); });
  }
  writer.join();
}

TEST_P(CentralStore, AFeedReaderMissesNothingWhileOthersWrite) {
  constexpr int k_each = 100;
  std::vector<std::thread> writers;
  std::atomic<int> running{4};
  for (int writer = 0; writer < 4; writer++) {
    writers.emplace_back([&, writer] {
      for (int n = 0; n < k_each; n++) {
        const std::string subject = std::to_string(writer) + "/" + std::to_string(n);
        const wire::FeedItem items[] = {{0, "case", subject, {1, 0, 2}}, {0, "case", subject + "b", {}}};
        const auto done = m_store->write([&](Writer& out) { return out.add_feed("a", items); });
        EXPECT_TRUE(done) << done.error().text;
      }
      running--;
    });
  }
  std::set<std::string> seen;
  std::uint64_t cursor = 0;
  for (bool last = false;;) {
    last = running == 0;
    std::size_t got = 0;
    read([&](Reader& in) {
      const auto items = in.feed("a", cursor, 7).value();
      got = items.size();
      for (const auto& item : items) {
        EXPECT_GT(item.cursor, cursor);
        cursor = item.cursor;
        EXPECT_TRUE(seen.insert(item.subject).second);
      }
    });
    if (last && got == 0) break;
  }
  for (auto& thread : writers) thread.join();
  EXPECT_EQ(seen.size(), 8U * k_each);
  write([&](Writer& out) {
    const wire::FeedItem other{0, "case", "other", {}};
    ASSERT_TRUE(out.add_feed("b", {&other, 1}));
    ASSERT_TRUE(out.forget_feed("a", cursor));
  });
  read([&](Reader& in) {
    EXPECT_TRUE(in.feed("a", 0, 9).value().empty());
    EXPECT_EQ(in.feed("b", 0, 9).value().size(), 1U);
  });
}

TEST_P(CentralStore, WhatWaitsInAFeedIsToldWithoutItsBodies) {
  write([&](Writer& out) {
    const wire::FeedItem items[] = {
        {0, "command", "one", {1}}, {0, "case", "two", {2}}, {0, "command", "three", {3}}, {0, "command", "four", {}}};
    ASSERT_TRUE(out.add_feed("a", items));
    ASSERT_TRUE(out.add_feed("b", {items, 1}));
    ASSERT_TRUE(out.forget_feed("a", out.feed("a", 0, 1).value().front().cursor));
  });
  read([&](Reader& in) {
    EXPECT_EQ(in.feed_subjects("a", "command").value(), (std::vector<std::string>{"three", "four"}));
    EXPECT_EQ(in.feed_subjects("b", "command").value(), std::vector<std::string>{"one"});
    EXPECT_TRUE(in.feed_subjects("b", "case")->empty());
  });
}

TEST_P(CentralStore, TheAuditIsOneChainWhoeverWrites) {
  std::vector<std::thread> threads;
  for (int n = 0; n < 8; n++) {
    threads.emplace_back([&, n] {
      for (int i = 0; i < 10; i++) {
        write([&](Writer& out) { ASSERT_TRUE(out.add_audit({i, "admin", "deed " + std::to_string(n)})); });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  read([&](Reader& in) {
    record::Hash before{};
    std::uint64_t after = 0;
    std::size_t total = 0;
    for (;;) {
      const auto page = in.audit(after, 30).value();
      if (page.empty()) break;
      for (const AuditLink& link : page) {
        EXPECT_EQ(link.prev, before);
        EXPECT_EQ(link.hash, audit_hash(link.prev, link.row));
        before = link.hash;
        after = link.id;
        total++;
      }
    }
    EXPECT_EQ(total, 80U);
  });
}

TEST_P(CentralStore, QuarantineKeepsAnyBytesOnce) {
  const record::Bytes large(200'000, 0xff);
  write([&](Writer& out) {
    EXPECT_TRUE(out.quarantine("a", 3, large, "why", 5).value());
    EXPECT_TRUE(out.quarantine("a", 3, record::Bytes{}, "why", 5).value());
    EXPECT_FALSE(out.quarantine("a", 3, large, "again", 6).value());
    EXPECT_TRUE(out.quarantine("b", ~0ULL, large, "why", 5).value());
  });
  read([&](Reader& in) {
    const auto rows = in.quarantined(0, 9).value();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].bytes, large);
    EXPECT_EQ(rows[0].why, "why");
    EXPECT_EQ(rows[0].at_ms, 5);
    EXPECT_EQ(rows[2].seq, ~0ULL);
    EXPECT_EQ(in.quarantined(rows[0].id, 1).value()[0].bytes.size(), 0U);
  });
}

TEST_P(CentralStore, KeepsEnrolCodes) {
  EnrolCodeRow code;
  code.lookup.fill(1);
  code.mac_key.fill(2);
  code.office = "MPP";
  code.region = 3273;
  code.expires_ms = 99;
  write([&](Writer& out) { ASSERT_TRUE(out.put_enrol_code(code)); });
  read([&](Reader& in) { EXPECT_FALSE(in.enrol_code(code.lookup).value()->device); });
  code.device = wire::DeviceId{3273, 4};
  write([&](Writer& out) { ASSERT_TRUE(out.put_enrol_code(code)); });
  read([&](Reader& in) {
    const auto kept = in.enrol_codes().value();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].device, code.device);
    EXPECT_EQ(kept[0].mac_key, code.mac_key);
    EXPECT_EQ(kept[0].expires_ms, 99);
    EXPECT_FALSE(in.enrol_code({}).value());
  });
}

ComplaintRow complaint(const std::string& number, std::int64_t received_ms) {
  ComplaintRow out;
  out.number = number;
  out.device = "3273-0012";
  out.seq = 4;
  out.subject.bytes.fill(3);
  out.kind = "complaint";
  out.category = "jalan.lubang";
  out.privacy = "open";
  out.language = "id";
  out.office = "MPP";
  out.district = "coblong";
  out.received_ms = received_ms;
  out.due = record::DueDates{{2026, 1, 2}, {2026, 1, 3}, {2026, 1, 4}, {2026, 1, 5}};
  out.status = "received";
  return out;
}

TEST_P(CentralStore, KeepsComplaintsAndTheirSteps) {
  const ComplaintRow rows[] = {complaint("1", 10), complaint("2", 30), complaint("3", 20), complaint("2", 99)};
  std::vector<bool> added;
  bool done = false;
  write([&](Writer& out) {
    added = out.add_complaints(rows).value();
    EXPECT_TRUE(out.add_complaints({}).value().empty());
    const NumberedStep steps[] = {{"2", {"verified", 30, "", "", ""}},
                                  {"2", {"disposed", 31, "dsdabm", "ke 'dinas'", "x"}}};
    done = out.add_steps(steps) && out.set_status("2", "disposed", "dsdabm");
  });
  EXPECT_EQ(added, (std::vector<bool>{true, true, true, false}));
  EXPECT_TRUE(done);
  read([&](Reader& in) {
    const auto all = in.complaints("", 2).value();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].number, "2");
    EXPECT_EQ(all[1].number, "3");
    EXPECT_EQ(in.complaints("received", 9).value().size(), 2U);
    const ComplaintRow two = in.complaint("2").value().value();
    EXPECT_EQ(two.received_ms, 30);
    EXPECT_EQ(two.agency, "dsdabm");
    EXPECT_EQ(two.due->ombudsman.str(), "2026-01-05");
    EXPECT_EQ(two.subject, rows[0].subject);
    EXPECT_FALSE(in.complaint("4").value());
    const auto steps = in.steps("2").value();
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps[1].text, "ke 'dinas'");
    EXPECT_EQ(steps[1].evidence, "x");
  });
  write([](Writer& out) { ASSERT_TRUE(out.clear_projections()); });
  read([](Reader& in) {
    EXPECT_TRUE(in.complaints("", 9).value().empty());
    EXPECT_TRUE(in.steps("2").value().empty());
  });
}

TEST_P(CentralStore, KeepsAttachmentsAndWhatIsHeldOfThem) {
  const auto row = [](std::uint64_t seq, std::uint8_t fill, std::uint64_t size) {
    AttachmentRow out{"3273-0012", seq, "1", "photo", "image/jpeg", {}, size, false};
    out.hash.fill(fill);
    return out;
  };
  const AttachmentRow rows[] = {row(7, 1, 100), row(9, 2, 1'000), row(12, 1, 100)};
  write([&](Writer& out) {
    ASSERT_TRUE(out.add_attachments(rows));
    ASSERT_TRUE(out.add_attachments({rows, 1})) << "again: nothing changes";
    ASSERT_TRUE(out.add_attachments({}));
    ASSERT_TRUE(out.hold_blob(rows[0].hash, 100, 5));
  });
  write([&](Writer& out) { ASSERT_TRUE(out.hold_blob(rows[0].hash, 100, 6)) << "again: nothing changes"; });
  const auto check = [&](Reader& in) {
    const auto found = in.attachment("3273-0012", rows[0].hash).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->seq, 7U) << "the first event that names it";
    EXPECT_EQ(found->number, "1");
    EXPECT_EQ(found->kind, "photo");
    EXPECT_EQ(found->media, "image/jpeg");
    EXPECT_EQ(found->hash, rows[0].hash);
    EXPECT_EQ(found->size, 100U);
    EXPECT_TRUE(found->held);
    EXPECT_FALSE(in.attachment("3273-0012", rows[1].hash).value()->held);
    EXPECT_FALSE(in.attachment("3273-0013", rows[0].hash).value()) << "another terminal's";
    EXPECT_FALSE(in.attachment("3273-0012", record::Hash{}).value());
    const auto all = in.attachments("1").value();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[1].seq, 9U);
    EXPECT_TRUE(in.attachments("2").value().empty());
    const BlobUse use = in.blob_use("3273-0012").value();
    EXPECT_EQ(use.named, 3U);
    EXPECT_EQ(use.named_bytes, 1'200U);
    EXPECT_EQ(use.held, 2U);
    EXPECT_EQ(use.held_bytes, 200U);
    EXPECT_EQ(in.blob_use("3273-0013").value().named, 0U);
    const auto missing = in.missing_attachments().value();
    ASSERT_EQ(missing.size(), 1U);
    EXPECT_EQ(missing[0].device, "3273-0012");
    EXPECT_EQ(missing[0].count, 1U);
    EXPECT_EQ(missing[0].oldest_seq, rows[1].seq);
  };
  read(check);
  write([](Writer& out) { ASSERT_TRUE(out.clear_projections()); });
  read([](Reader& in) { EXPECT_TRUE(in.attachments("1").value().empty()); });
  write([&](Writer& out) { ASSERT_TRUE(out.add_attachments(rows)); });
  read(check);  // what is held is no projection
}

TEST_P(CentralStore, ALaterReceiptVoidsTheEarlier) {
  const auto hash = [](std::uint8_t fill) {
    record::Hash out;
    out.fill(fill);
    return out;
  };
  ComplaintRow rows[] = {complaint("1", 10), complaint("2", 5), complaint("3", 20)};
  for (std::uint8_t n = 0; n < 3; n++) rows[n].secret_hash = rows[n].code_hmac = hash(n == 2 ? 101 : 100 + n);
  const auto reissued = [&](std::uint64_t seq, std::uint8_t fill) {
    return ReceiptRow{"1", "3273-0012", seq, hash(fill), hash(fill), false};
  };
  write([&](Writer& out) {
    ASSERT_TRUE(out.add_complaints(rows));
    const ReceiptRow receipts[] = {reissued(9, 9), reissued(7, 7), reissued(12, 9)};
    EXPECT_EQ(out.add_receipts(receipts).value(), 2U);
  });
  read([&](Reader& in) {
    // The first of complaint 1 (seq 4) and the second are voided by the third.
    EXPECT_TRUE(in.receipt("1", hash(100)).value()->voided);
    EXPECT_EQ(in.receipt("1", hash(100)).value()->seq, 4U);
    EXPECT_TRUE(in.receipt_by_code(hash(7)).value()->voided);
    EXPECT_FALSE(in.receipt("1", hash(9)).value()->voided);
    EXPECT_FALSE(in.receipt_by_code(hash(9)).value()->voided);
    EXPECT_EQ(in.receipt_by_code(hash(9)).value()->seq, 9U);
    EXPECT_EQ(in.receipt_by_code(hash(9)).value()->code_hmac, hash(9));
    // Two complaints with one code: the one received first.
    EXPECT_EQ(in.receipt_by_code(hash(101)).value()->number, "2");
    EXPECT_FALSE(in.receipt_by_code(hash(101)).value()->voided);
    EXPECT_EQ(in.receipt("3", hash(101)).value()->number, "3");
    EXPECT_FALSE(in.receipt("2", hash(100)).value());
    EXPECT_FALSE(in.receipt_by_code({}).value());
  });
}

}  // namespace
}  // namespace anjungan::central
