// SPDX-License-Identifier: Apache-2.0
// Attachments on a terminal's disk.
#include <gtest/gtest.h>

#include <fstream>

#include "sync/store/intake_reader.h"
#include "sync/store/sync_store.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

using record::AttachmentKind;
using record::ErrorKind;

constexpr std::string_view k_plain = "JFIF wajah Sumiati Namasaja";

record::Attachment keep(IntakeStore& store, std::string_view plain = k_plain) {
  auto kept = store.keep_attachment(AttachmentKind::photo, "image/jpeg", record::view_of(plain));
  EXPECT_TRUE(kept) << kept.error().text;
  return kept ? *kept : record::Attachment{};
}

std::size_t files(const TerminalFolder& folder) {
  std::size_t count = 0;
  std::error_code none;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(folder.data() + "/blobs", none)) count++;
  return count;
}

std::vector<IntakeReader::Blob> blobs(const TerminalFolder& folder) {
  auto reader = IntakeReader::open(folder.data());
  EXPECT_TRUE(reader) << reader.error().text;
  return *reader->blobs(0, 100);
}

TEST(Blobs, AreFiledWithTheComplaintInOneTransaction) {
  TerminalFolder folder;
  auto store = folder.open();
  ASSERT_TRUE(store) << store.error().text;
  const auto complaint = TerminalFolder::complaint();
  Submission submission = folder.submission(complaint);
  submission.attachments = {keep(**store), keep(**store)};
  const auto first = submission.attachments[0].blob;
  auto issued = (*store)->submit(std::move(submission));
  ASSERT_TRUE(issued) << issued.error().text;
  EXPECT_EQ((*store)->last_seq(), issued->seq + 2);

  auto reader = IntakeReader::open(folder.data());
  ASSERT_TRUE(reader);
  auto events = reader->events_from(1, 10, 100'000);
  ASSERT_TRUE(events && events->size() == 3);
  auto created = record::parse_event((*events)[0].bytes);
  EXPECT_EQ(record::complaint_facts(created->facts)->attachments, 2U);
  auto added = record::parse_event((*events)[1].bytes);
  ASSERT_TRUE(added);
  EXPECT_EQ(added->subject, created->subject);
  EXPECT_EQ(added->prev, (*events)[0].hash);
  auto attachment = record::attachment_of(*added);
  ASSERT_TRUE(attachment) << attachment.error().text;
  EXPECT_EQ(attachment->attachment.blob.hash, first.hash);
  EXPECT_EQ(attachment->number, issued->number);

  // The file is what its name says, and only the centre can read it.
  const BlobFolder on_disk(folder.data());
  EXPECT_TRUE(*on_disk.sound(first.hash));
  auto sealed = on_disk.read(first.hash, 0, 10'000);
  ASSERT_TRUE(sealed && sealed->size() == first.bytes);
  EXPECT_EQ(std::search(sealed->begin(), sealed->end(), k_plain.begin(), k_plain.end()), sealed->end());
  std::size_t at = 0;
  std::string plain;
  ASSERT_TRUE(record::open_blob(
      [&](std::span<std::uint8_t> to) -> record::Result<std::size_t> {
        const std::size_t size = std::min(to.size(), sealed->size() - at);
        std::copy_n(sealed->begin() + static_cast<std::ptrdiff_t>(at), size, to.begin());
        at += size;
        return size;
      },
      folder.escrow,
      [&](record::ByteView piece) -> record::Result<void> {
        plain += record::to_text(piece);
        return {};
      }));
  EXPECT_EQ(plain, k_plain);
}

TEST(Blobs, ComeLaterToo) {
  TerminalFolder folder;
  auto store = folder.open();
  ASSERT_TRUE(store);
  const auto complaint = TerminalFolder::complaint();
  auto issued = (*store)->submit(folder.submission(complaint));
  ASSERT_TRUE(issued);
  const auto photo = keep(**store);
  auto seq = (*store)->attach(issued->number, photo);
  ASSERT_TRUE(seq) << seq.error().text;
  EXPECT_EQ(*seq, 2U);
  EXPECT_FALSE((*store)->attach(issued->number, photo)) << "the same file twice";
  EXPECT_EQ((*store)->last_seq(), 2U);
  auto again = (*store)->append(record::EventType::device_booted, {}, {});
  ASSERT_TRUE(again) << "the chain goes on after a refusal";
  EXPECT_EQ(*again, 3U);
  auto stranger = issued->number;
  stranger.running = 999;
  EXPECT_FALSE((*store)->attach(stranger, keep(**store)));
  store->reset();
  EXPECT_TRUE(folder.open()) << "and holds";
}

TEST(Blobs, WhatNoEventNamesIsSwept) {
  TerminalFolder folder;
  {
    auto store = folder.open();
    ASSERT_TRUE(store);
    const auto complaint = TerminalFolder::complaint();
    Submission submission = folder.submission(complaint);
    submission.attachments = {keep(**store)};
    ASSERT_TRUE((*store)->submit(std::move(submission)));
    keep(**store, "abandoned");
    const auto dropped = keep(**store, "dropped");
    EXPECT_EQ(files(folder), 3U);
    (*store)->drop_attachment(dropped);
    EXPECT_EQ(files(folder), 2U);
    std::ofstream(folder.data() + "/blobs/attachment.new") << "half of one";
  }
  ASSERT_TRUE(folder.open());
  EXPECT_EQ(files(folder), 1U);
  EXPECT_EQ(blobs(folder).size(), 1U);
}

TEST(Blobs, AFileThatIsNotThereNamesNothing) {
  TerminalFolder folder;
  auto store = folder.open();
  ASSERT_TRUE(store);
  const auto complaint = TerminalFolder::complaint();
  Submission submission = folder.submission(complaint);
  submission.attachments = {keep(**store)};
  (*store)->drop_attachment(submission.attachments[0]);
  auto issued = (*store)->submit(std::move(submission));
  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::not_found);
  EXPECT_EQ((*store)->last_seq(), 0U);
  submission = folder.submission(complaint);
  submission.attachments.assign(record::k_most_attachments + 1, keep(**store));
  EXPECT_FALSE((*store)->submit(std::move(submission)));
}

// Photos stop while records still go in.
TEST(Threat14, PhotosStopFirst) {
  TerminalFolder folder;
  IntakeOptions options;
  options.ballast_bytes = 0;
  options.low_water_bytes = 0;
  options.photo_low_water_bytes = 1ULL << 60;
  options.clock = &folder.clock;
  auto store = IntakeStore::open(folder.data(), folder.runtime(), folder.identity,
                                 record::SigningKey::from_seed(folder.seed), options);
  ASSERT_TRUE(store);
  auto kept = (*store)->keep_attachment(AttachmentKind::photo, "image/jpeg", record::view_of(k_plain));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::full);
  EXPECT_FALSE((*store)->stopped());
  const auto complaint = TerminalFolder::complaint();
  EXPECT_TRUE((*store)->submit(folder.submission(complaint)));
}

TEST(Blobs, AreForgottenOnlyWhenLongHeldByThisCentre) {
  constexpr std::int64_t k_day = 24 * 3'600'000;
  TerminalFolder folder;
  auto store = folder.open();
  ASSERT_TRUE(store);
  const auto complaint = TerminalFolder::complaint();
  Submission submission = folder.submission(complaint);
  const auto photo = keep(**store);
  submission.attachments = {photo};
  ASSERT_TRUE((*store)->submit(std::move(submission)));

  auto sync = SyncStore::open(folder.data());
  ASSERT_TRUE(sync);
  const std::int64_t start = folder.clock.now_ms;
  SyncState state;
  state.epoch.fill(1);
  state.last_contact_ms = start;
  ASSERT_TRUE(sync->save(state, {}));
  EXPECT_FALSE(*sync->blob(photo.blob.hash));
  ASSERT_TRUE(sync->save_blob(photo.blob.hash, BlobState::Word::held));
  EXPECT_EQ((*sync->blob(photo.blob.hash))->epoch, state.epoch);

  const auto held_at = [&](std::int64_t now, std::int64_t contact) {
    state.last_contact_ms = contact;
    EXPECT_TRUE(sync->save(state, {}));
    return *sync->long_held_blobs(now);
  };
  EXPECT_TRUE(held_at(start + 89 * k_day, start + 89 * k_day).empty());
  EXPECT_TRUE(held_at(start + 400 * k_day, start + k_day).empty()) << "this clock alone jumped";
  const auto held = held_at(start + 92 * k_day, start + 92 * k_day);
  ASSERT_EQ(held.size(), 1U);
  state.epoch.fill(2);
  EXPECT_TRUE(held_at(start + 92 * k_day, start + 92 * k_day).empty()) << "a restored centre has said nothing yet";

  EXPECT_EQ(*(*store)->purge_blobs({record::Hash{}}, 10), 0U);
  EXPECT_EQ(*(*store)->purge_blobs(held, 10), 1U);
  EXPECT_EQ(files(folder), 0U);
  EXPECT_TRUE(blobs(folder).empty());
  EXPECT_EQ(*(*store)->purge_blobs(held, 10), 0U);
}

TEST(Threat16, ARottenPhotoIsSeen) {
  TerminalFolder folder;
  auto store = folder.open();
  ASSERT_TRUE(store);
  const auto photo = keep(**store);
  const BlobFolder on_disk(folder.data());
  EXPECT_TRUE(*on_disk.sound(photo.blob.hash));
  std::fstream file(on_disk.path(photo.blob.hash), std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(150);
  const char was = static_cast<char>(file.get());
  file.seekp(150);
  file.put(static_cast<char>(was ^ 4));
  file.close();
  EXPECT_FALSE(*on_disk.sound(photo.blob.hash));
  EXPECT_FALSE(*on_disk.sound(record::Hash{})) << "not there";
}

// A damaged intake.db is rebuilt with its attachments; those whose file is gone are left out.
TEST(Blobs, OutliveADamagedDatabase) {
  TerminalFolder folder;
  record::Attachment photo;
  {
    auto store = folder.open();
    ASSERT_TRUE(store);
    const auto complaint = TerminalFolder::complaint();
    Submission submission = folder.submission(complaint);
    photo = keep(**store);
    const auto gone = keep(**store);
    submission.attachments = {photo, gone};
    ASSERT_TRUE((*store)->submit(std::move(submission)));
    std::filesystem::remove(BlobFolder(folder.data()).path(gone.blob.hash));
  }
  std::ofstream(folder.runtime() + "/intake.suspect") << "a failed sync";
  auto store = folder.open();
  ASSERT_TRUE(store) << store.error().text;
  ASSERT_TRUE((*store)->salvage());
  const auto left = blobs(folder);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].hash, photo.blob.hash);
  EXPECT_EQ(left[0].seq, 2U);
  EXPECT_EQ(left[0].size, photo.blob.bytes);
}

}  // namespace
}  // namespace anjungan::store
