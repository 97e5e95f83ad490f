// SPDX-License-Identifier: Apache-2.0
// Attachments at the centre: pieces, offsets, proofs and bounds, without a network.
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <thread>

#include "sync/wire/blob.h"
#include "sync/wire/http.h"
#include "tests/unit/sync_central/hall.h"
#include "tests/unit/sync_store/small_disk.h"

namespace anjungan::central {
namespace {

namespace fs = std::filesystem;
using wire::BlobWord;

constexpr std::size_t k_piece = 64 * 1024;

class Blobs : public testing::Test {
 protected:
  Blobs() {
    hall.enrol();
    photo = keep(200'000);
    number = submit({photo});
    blob = *folder().read(photo.blob.hash, 0, 1'000'000);
    EXPECT_TRUE(hall.send(hall.batch(1, 2)));
  }

  store::BlobFolder folder() const { return store::BlobFolder(hall.terminal.data()); }

  record::Attachment keep(std::size_t bytes) {
    record::Bytes plain(bytes);
    record::fill_random(plain);
    auto kept = hall.store->keep_attachment(record::AttachmentKind::photo, "image/jpeg", plain);
    EXPECT_TRUE(kept) << kept.error().text;
    return *kept;
  }

  std::string submit(std::vector<record::Attachment> attachments) {
    return submit_issued(std::move(attachments)).number.str();
  }

  std::optional<std::uint64_t> store_last() const { return hall.store->last_seq(); }

  store::Issued submit_issued(std::vector<record::Attachment> attachments) {
    const record::Complaint complaint = store::TerminalFolder::complaint();
    store::Submission submission = hall.terminal.submission(complaint);
    submission.attachments = std::move(attachments);
    auto issued = hall.store->submit(std::move(submission));
    EXPECT_TRUE(issued) << issued.error().text;
    return *issued;
  }

  wire::BlobRequest request(record::ByteView piece = {}, std::uint64_t offset = 0) const {
    wire::BlobRequest out;
    out.device = hall.grant.device;
    out.centre = wire::root_id(hall.grant.root);
    out.blob = photo.blob.hash;
    out.size = photo.blob.bytes;
    out.offset = offset;
    out.piece_bytes = static_cast<std::uint32_t>(piece.size());
    if (!piece.empty()) out.piece = wire::sha256(piece);
    out.created_ms = hall.terminal.clock.now_ms;
    return out;
  }

  /// Nothing when there was no answer that holds.
  std::optional<wire::BlobAnswer> send(const wire::BlobRequest& request, record::ByteView piece = {}) {
    const auto message = wire::encode_blob_request(request, hall.device_key);
    EXPECT_TRUE(message) << message.error().text;
    const BlobReply reply =
        hall.centre->blob(request.blob, *message, piece.empty() ? std::nullopt : std::optional<wire::Piece>(piece));
    status = reply.status;
    retry_after_s = reply.retry_after_s;
    if (reply.message.empty()) return std::nullopt;
    auto answer = wire::open_blob_answer(reply.message, hall.grant.device, wire::message_digest(*message), hall.keys);
    EXPECT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->offset, reply.offset);
    return *answer;
  }

  std::optional<wire::BlobAnswer> ask() { return send(request()); }
  std::optional<wire::BlobAnswer> patch(std::uint64_t offset, std::size_t size = k_piece) {
    const auto piece = record::ByteView(blob).subspan(offset, std::min(size, blob.size() - offset));
    return send(request(piece, offset), piece);
  }
  void send_all() {
    for (std::uint64_t at = 0; at < blob.size(); at += k_piece) ASSERT_TRUE(patch(at));
  }

  [[nodiscard]] std::string kept_path() const {
    const std::string name = record::to_hex(photo.blob.hash);
    return hall.terminal.root + "/central/blobs/" + name.substr(0, 2) + "/" + name;
  }

  [[nodiscard]] std::string coming_path() const {
    return hall.terminal.root + "/central/blobs/coming/" + record::to_hex(photo.blob.hash);
  }

  Hall hall;
  record::Attachment photo;
  std::string number;
  record::Bytes blob;
  unsigned status = 0;
  int retry_after_s = 0;
};

TEST_F(Blobs, ComeInPiecesAndAreHeldWhenWhole) {
  auto answer = ask();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->word, BlobWord::wanted);
  EXPECT_EQ(answer->offset, 0U);
  EXPECT_FALSE((*hall.centre->attachments(number))[0].held);
  for (std::uint64_t at = 0; at < blob.size(); at += k_piece) {
    answer = patch(at);
    ASSERT_TRUE(answer);
    EXPECT_EQ(status, 200U);
    EXPECT_EQ(answer->offset, std::min<std::uint64_t>(at + k_piece, blob.size()));
    EXPECT_EQ(answer->word, answer->offset == blob.size() ? BlobWord::held : BlobWord::wanted);
  }
  EXPECT_EQ(ask()->word, BlobWord::held);
  EXPECT_EQ(patch(0)->word, BlobWord::held) << "what comes late changes nothing";
  EXPECT_TRUE((*hall.centre->attachments(number))[0].held);
  EXPECT_FALSE(fs::exists(coming_path()));
  EXPECT_EQ(*hall.centre->take_out_blob(number, photo.blob.hash, "test"), blob);
  EXPECT_FALSE(hall.centre->take_out_blob("3273-0001-000999-1", photo.blob.hash, "test"));
  const auto stats = hall.centre->stats();
  EXPECT_EQ((*stats)[0].blobs.named, 1U);
  EXPECT_EQ((*stats)[0].blobs.held_bytes, blob.size());
}

TEST_F(Blobs, TheCaseSaysWhetherTheyHaveCome) {
  const auto attached = [&](const std::string& of) {
    auto found = hall.centre->act(of, {Action::verify, "", "", ""}, "admin");
    EXPECT_TRUE(found);
    const auto news = hall.send(hall.batch(*store_last() + 1, *store_last()));
    return news && !news->feed.empty() ? record::to_text(news->feed.back().body) : std::string();
  };
  const store::Issued plain = hall.submit();
  const store::Issued two = submit_issued({keep(1'000), keep(2'000)});
  ASSERT_TRUE(hall.send(hall.batch(3, *store_last())));
  EXPECT_EQ(attached(plain.number.str()).find("attachments"), std::string::npos);
  const auto shown = [&] { return hall.centre->look_at_code(two.code.str())->case_json; };
  EXPECT_NE(attached(two.number.str()).find(R"("attachments":{"held":0,"named":2})"), std::string::npos);
  EXPECT_NE(shown().find(R"("attachments":{"held":0,"named":2})"), std::string::npos);
  for (int n = 1; n <= 2; n++) {
    const AttachmentRow row = (*hall.centre->attachments(two.number.str()))[static_cast<std::size_t>(n - 1)];
    const record::Bytes bytes = *folder().read(row.hash, 0, 1'000'000);
    wire::BlobRequest whole = request(bytes, 0);
    whole.blob = row.hash;
    whole.size = row.size;
    ASSERT_EQ(send(whole, bytes)->word, BlobWord::held);
    EXPECT_NE(shown().find(fmt::format(R"("attachments":{{"held":{},"named":2}})", n)), std::string::npos);
  }
}

TEST_F(Blobs, AnOtherPlaceIsRefusedWithTheRightOne) {
  ASSERT_EQ(patch(0)->offset, k_piece);
  for (const std::uint64_t wrong : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2 * k_piece}}) {
    auto answer = patch(wrong);
    ASSERT_TRUE(answer);
    EXPECT_EQ(status, 409U);
    EXPECT_EQ(answer->word, BlobWord::wanted);
    EXPECT_EQ(answer->offset, k_piece);
  }
  EXPECT_EQ(patch(k_piece)->offset, 2 * k_piece);
}

// A killed process leaves half a piece: what is on the disk counts, and the end still fits the name.
TEST_F(Blobs, GoOnAfterTheCentreWasKilled) {
  ASSERT_TRUE(patch(0));
  hall.centre.reset();
  std::ofstream(coming_path(), std::ios::app | std::ios::binary)
      .write(reinterpret_cast<const char*>(blob.data()) + k_piece, 1'000);
  hall.open_centre();
  ASSERT_EQ(ask()->offset, k_piece + 1'000);
  for (std::uint64_t at = k_piece + 1'000; at < blob.size(); at += k_piece) ASSERT_TRUE(patch(at));
  EXPECT_EQ(ask()->word, BlobWord::held);
  EXPECT_EQ(*hall.centre->take_out_blob(number, photo.blob.hash, "test"), blob);
}

// Killed between the last piece and the name.
TEST_F(Blobs, AreFinishedAfterTheCentreWasKilled) {
  hall.centre.reset();
  std::ofstream(coming_path(), std::ios::binary)
      .write(reinterpret_cast<const char*>(blob.data()), static_cast<std::streamsize>(blob.size()));
  hall.open_centre();
  EXPECT_EQ(ask()->word, BlobWord::held);
  EXPECT_TRUE(fs::exists(kept_path()));
}

// Killed between the name and the row, or restored from a backup of the rows.
TEST_F(Blobs, AreFoundByTheirFileAfterARestore) {
  hall.centre.reset();
  fs::create_directories(fs::path(kept_path()).parent_path());
  std::ofstream(kept_path(), std::ios::binary)
      .write(reinterpret_cast<const char*>(blob.data()), static_cast<std::streamsize>(blob.size()));
  hall.open_centre();
  EXPECT_FALSE((*hall.centre->attachments(number))[0].held);
  EXPECT_EQ(ask()->word, BlobWord::held);
  EXPECT_TRUE((*hall.centre->attachments(number))[0].held);
  fs::remove(kept_path());
  EXPECT_EQ(ask()->word, BlobWord::wanted) << "the row alone is no attachment";
}

TEST_F(Blobs, OfAnotherNameBeginAnew) {
  record::Bytes other = blob;
  other[10] ^= 1;
  std::optional<wire::BlobAnswer> answer;
  for (std::uint64_t at = 0; at < other.size(); at += k_piece) {
    const auto piece = record::ByteView(other).subspan(at, std::min<std::size_t>(k_piece, other.size() - at));
    answer = send(request(piece, at), piece);
  }
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->word, BlobWord::damaged);
  EXPECT_EQ(status, 409U);
  EXPECT_FALSE(fs::exists(kept_path()));
  send_all();
  EXPECT_EQ(ask()->word, BlobWord::held);
}

TEST_F(Blobs, RottenWhileTheCentreWasDownBeginAnew) {
  ASSERT_TRUE(patch(0));
  hall.centre.reset();
  {
    std::fstream file(coming_path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(10);
    file.put(static_cast<char>(blob[10] ^ 1));
  }
  hall.open_centre();
  std::optional<wire::BlobAnswer> answer;
  for (std::uint64_t at = k_piece; at < blob.size(); at += k_piece) answer = patch(at);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->word, BlobWord::damaged);
  EXPECT_EQ(status, 409U);
  EXPECT_EQ(ask()->offset, 0U);
  send_all();
  EXPECT_EQ(ask()->word, BlobWord::held);
}

TEST_F(Blobs, OnlyWhatAnEventOfThisTerminalNames) {
  const auto later = keep(10'000);
  wire::BlobRequest other = request();
  other.blob = later.blob.hash;
  other.size = later.blob.bytes;
  EXPECT_EQ(send(other)->word, BlobWord::unknown) << "its event has not come yet";
  EXPECT_EQ(status, 404U);
  submit({later});
  ASSERT_TRUE(hall.send(hall.batch(3, 4)));
  EXPECT_EQ(send(other)->word, BlobWord::wanted);
  other.size++;
  EXPECT_EQ(send(other)->word, BlobWord::unknown) << "another size than its event says";
}

TEST_F(Blobs, AQuotaEndsThem) {
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0, .quota_bytes = blob.size() - 1});
  EXPECT_EQ(ask()->word, BlobWord::over) << "said before a piece is sent for nothing";
  EXPECT_EQ(status, 413U);
  EXPECT_EQ(patch(0)->word, BlobWord::over);
  EXPECT_EQ(status, 413U);
  EXPECT_FALSE(fs::exists(coming_path()));
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0, .quota_bytes = blob.size()});
  EXPECT_EQ(patch(0)->word, BlobWord::wanted);
}

TEST_F(Blobs, AQuotaCountsWhatWasBegunTogether) {
  const record::Attachment second = keep(200'000);
  submit({second});
  ASSERT_TRUE(hall.send(hall.batch(3, 4)));
  const record::Bytes other = *folder().read(second.blob.hash, 0, 1'000'000);
  const auto patch_other = [&](std::uint64_t offset) {
    const auto piece = record::ByteView(other).subspan(offset, std::min(k_piece, other.size() - offset));
    wire::BlobRequest out = request(piece, offset);
    out.blob = second.blob.hash;
    out.size = second.blob.bytes;
    return send(out, piece);
  };
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0, .quota_bytes = blob.size() + other.size() - 1});
  ASSERT_EQ(patch_other(0)->word, BlobWord::wanted);
  send_all();
  ASSERT_EQ(ask()->word, BlobWord::held);
  std::optional<wire::BlobAnswer> answer;
  for (std::uint64_t at = k_piece; at < other.size(); at += k_piece) answer = patch_other(at);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->word, BlobWord::over);
  EXPECT_EQ(status, 413U);
  EXPECT_FALSE(fs::exists(hall.terminal.root + "/central/blobs/coming/" + record::to_hex(second.blob.hash)));
}

// The centre's disk fills: attachments wait, records go on.
TEST_F(Blobs, Threat15AttachmentsLeaveRoomForRecords) {
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 1ULL << 60});
  EXPECT_FALSE(patch(0));
  EXPECT_EQ(status, 503U);
  EXPECT_EQ(ask()->offset, 0U);
  hall.submit();
  EXPECT_TRUE(hall.send(hall.batch(3, 3)));
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0});
  EXPECT_TRUE(patch(0));
}

TEST_F(Blobs, Threat15AFullDiskPutsThemOffAndSpoilsNothing) {
  const std::string folder = hall.terminal.root + "/central/blobs";
  hall.centre.reset();
  fs::remove_all(folder);
  fs::create_directories(folder);
  const store::SmallDisk disk(folder, "1m");
  if (!disk.mounted()) GTEST_SKIP() << "\n*** NOT TESTED: this user may not mount a tmpfs; run as root. ***\n";
  hall.open_centre();
  hall.centre->use_blobs(nullptr, {0, 64ULL << 30U});  // no room is kept: the disk itself says no
  ASSERT_EQ(patch(0)->offset, k_piece);
  disk.fill();
  for (int tries = 0; tries < 3; tries++) {
    EXPECT_FALSE(patch(k_piece)) << "nothing is said that could be taken for an acknowledgement";
    EXPECT_EQ(status, 503U);
    EXPECT_GT(retry_after_s, 0);
    EXPECT_EQ(ask()->offset, k_piece) << "half a piece counts for nothing";
  }
  const store::Issued next = hall.submit();
  const auto records = hall.send(hall.batch(3, *store_last()));
  ASSERT_TRUE(records);
  EXPECT_EQ(records->acked_seq, *store_last()) << "records flow";
  EXPECT_EQ(hall.centre->look_at_code(next.code.str())->verdict, Verdict::known);
  hall.open_centre();  // a restart while it is full
  hall.centre->use_blobs(nullptr, {0, 64ULL << 30U});
  EXPECT_EQ(ask()->offset, k_piece);
  fs::remove(disk.path());
  for (std::uint64_t at = k_piece; at < blob.size(); at += k_piece) {
    EXPECT_EQ(patch(at)->offset, std::min<std::uint64_t>(at + k_piece, blob.size()));
  }
  EXPECT_EQ(ask()->word, BlobWord::held);
  EXPECT_EQ(*hall.centre->take_out_blob(number, photo.blob.hash, "test"), blob);
  hall.centre.reset();  // before its disk goes
}

TEST_F(Blobs, NobodyElsesWordCounts) {
  const auto piece = record::ByteView(blob).first(k_piece);
  const auto blind = [&](wire::BlobRequest request, const record::SigningKey& key, record::ByteView body) {
    const auto message = *wire::encode_blob_request(request, key);
    return hall.centre->blob(photo.blob.hash, message, wire::Piece(body)).status;
  };
  EXPECT_EQ(blind(request(piece), record::SigningKey::generate(), piece), 401U) << "a stranger's signature";
  wire::BlobRequest elsewhere = request(piece);
  elsewhere.centre[0] ^= 1;
  EXPECT_EQ(blind(elsewhere, hall.device_key, piece), 401U) << "another centre's";
  EXPECT_EQ(blind(request(piece), hall.device_key, record::ByteView(blob).subspan(1, k_piece)), 400U)
      << "another piece";
  wire::BlobRequest other = request(piece);
  other.blob[0] ^= 1;
  EXPECT_EQ(blind(other, hall.device_key, piece), 400U) << "another name than the path's";
  EXPECT_EQ(blind(request(), hall.device_key, piece), 400U) << "a question with a piece";
  auto message = *wire::encode_blob_request(request(piece), hall.device_key);
  for (std::size_t at = 0; at < message.size(); at++) {
    message[at] ^= 1;
    EXPECT_GE(hall.centre->blob(photo.blob.hash, message, wire::Piece(piece)).status, 400U) << at;
    message[at] ^= 1;
  }
  EXPECT_FALSE(fs::exists(coming_path()));
  ASSERT_TRUE(hall.centre->revoke("3273-0001", 0));
  EXPECT_EQ(blind(request(piece), hall.device_key, piece), 403U) << "a revoked terminal";
}

// A recorded request that is sent again changes nothing.
TEST_F(Blobs, Threat11ARepeatedPieceChangesNothing) {
  const auto piece = record::ByteView(blob).first(k_piece);
  const auto message = *wire::encode_blob_request(request(piece), hall.device_key);
  EXPECT_EQ(hall.centre->blob(photo.blob.hash, message, wire::Piece(piece)).status, 200U);
  const BlobReply again = hall.centre->blob(photo.blob.hash, message, wire::Piece(piece));
  EXPECT_EQ(again.status, 409U);
  EXPECT_EQ(again.offset, k_piece);
  EXPECT_EQ(fs::file_size(coming_path()), k_piece);
}

// Two requests of one terminal at once: the pieces never mix.
TEST_F(Blobs, Threat03TwoAtOnceTakeTurns) {
  for (std::uint64_t at = 0; at < blob.size(); at += k_piece) {
    const auto piece = record::ByteView(blob).subspan(at, std::min<std::size_t>(k_piece, blob.size() - at));
    const auto message = *wire::encode_blob_request(request(piece, at), hall.device_key);
    std::array<std::thread, 4> threads;
    for (auto& one : threads) {
      one = std::thread([&] { static_cast<void>(hall.centre->blob(photo.blob.hash, message, wire::Piece(piece))); });
    }
    for (auto& one : threads) one.join();
  }
  EXPECT_EQ(ask()->word, BlobWord::held);
  EXPECT_EQ(*hall.centre->take_out_blob(number, photo.blob.hash, "test"), blob);
}

TEST_F(Blobs, Threat22NoOtherNameIsAPath) {
  for (const char* name : {"", "..", "../../etc/passwd", "%2e%2e", "ab",
                           "0000000000000000000000000000000000000000000000000000000000000000/x",
                           "ABCDEF0000000000000000000000000000000000000000000000000000000000",
                           "000000000000000000000000000000000000000000000000000000000000000g",
                           " 000000000000000000000000000000000000000000000000000000000000000"}) {
    EXPECT_FALSE(wire::blob_of_path(std::string(wire::k_blob_path) + name)) << name;
  }
  EXPECT_TRUE(wire::blob_of_path(std::string(wire::k_blob_path) + record::to_hex(photo.blob.hash)));
}

TEST_F(Blobs, AreNamedAgainByARebuild) {
  send_all();
  ASSERT_TRUE(hall.centre->rebuild("admin"));
  const auto rows = hall.centre->attachments(number);
  ASSERT_EQ(rows->size(), 1U);
  EXPECT_TRUE((*rows)[0].held);
  EXPECT_EQ((*rows)[0].hash, photo.blob.hash);
}

// An event that names no attachment properly is set aside, and what is behind it flows.
TEST_F(Blobs, Threat13APoisonedAttachmentIsSetAside) {
  ASSERT_TRUE(hall.store->append(record::EventType::attachment_added, {}, {{"number", "nonsense"}}));
  hall.submit();
  const auto answer = hall.send(hall.batch(3, 4));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->acked_seq, 4U);
  EXPECT_EQ(answer->results[0], wire::EventResult::quarantined);
  EXPECT_EQ(answer->results[1], wire::EventResult::stored);
}

}  // namespace
}  // namespace anjungan::central
