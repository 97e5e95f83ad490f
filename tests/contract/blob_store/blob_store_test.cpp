// SPDX-License-Identifier: Apache-2.0
// One suite over both places for attachments.
#include "sync/central/store/blob_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>
#include <vector>

#include "tests/contract/blob_store/s3_server.h"

namespace anjungan::central {
namespace {

namespace fs = std::filesystem;
using record::ErrorKind;

constexpr const char* k_key_id = "ANJUNGANTEST";
constexpr const char* k_secret = "a/secret+with=signs";
constexpr const char* k_region = "ap-southeast-3";

enum class Place { folder, bucket };

class BlobStores : public testing::TestWithParam<Place> {
 protected:
  BlobStores() {
    std::string pattern = (fs::temp_directory_path() / "anjungan-test-XXXXXX").string();
    root = mkdtemp(pattern.data());
    if (GetParam() == Place::bucket) server.emplace(k_key_id, k_secret, k_region);
    store = open();
  }
  ~BlobStores() override { fs::remove_all(root); }

  std::unique_ptr<BlobStore> open() const {
    auto opened = GetParam() == Place::folder ? open_folder_blob_store(root + "/blobs")
                                              : open_s3_blob_store({server->bucket(), k_region, k_key_id, k_secret});
    EXPECT_TRUE(opened) << opened.error().text;
    return std::move(*opened);
  }

  /// A file of so many bytes; its name follows from them.
  record::Bytes file(std::size_t size) {
    record::Bytes bytes(size);
    record::fill_random(bytes);
    std::ofstream(path(), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(size));
    return bytes;
  }
  [[nodiscard]] std::string path() const { return root + "/coming"; }

  std::string root;
  std::optional<test::S3Server> server;
  std::unique_ptr<BlobStore> store;
};

TEST_P(BlobStores, KeepWhatTheyWereGiven) {
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{1'024}, std::size_t{300'000}, std::size_t{record::k_most_blob_bytes}}) {
    const record::Bytes bytes = file(size);
    const record::Hash name = record::hash(bytes);
    EXPECT_FALSE(*store->has(name, size));
    auto before = store->read(name);
    ASSERT_FALSE(before);
    EXPECT_EQ(before.error().kind, ErrorKind::not_found);
    auto kept = store->keep(name, size, path());
    ASSERT_TRUE(kept) << kept.error().text;
    EXPECT_TRUE(*store->has(name, size));
    EXPECT_FALSE(*store->has(name, size + 1)) << "another size is another object";
    auto read = store->read(name);
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(*read, bytes);
    // Another process finds it too.
    EXPECT_EQ(*open()->read(name), bytes);
  }
}

TEST_P(BlobStores, KeepTheSameTwice) {
  const record::Bytes bytes = file(5'000);
  const record::Hash name = record::hash(bytes);
  ASSERT_TRUE(store->keep(name, bytes.size(), path()));
  std::ofstream(path(), std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), 5'000);
  ASSERT_TRUE(store->keep(name, bytes.size(), path()));
  EXPECT_EQ(*store->read(name), bytes);
}

TEST_P(BlobStores, SeveralAtOnce) {
  std::vector<std::thread> threads;
  std::array<record::Bytes, 8> all;
  for (std::size_t n = 0; n < all.size(); n++) {
    all[n] = file(50'000 + n);
    fs::rename(path(), path() + std::to_string(n));
  }
  for (std::size_t n = 0; n < all.size(); n++) {
    threads.emplace_back(
        [&, n] { EXPECT_TRUE(store->keep(record::hash(all[n]), all[n].size(), path() + std::to_string(n))); });
  }
  for (auto& one : threads) one.join();
  for (const record::Bytes& one : all) EXPECT_EQ(*store->read(record::hash(one)), one);
}

TEST_P(BlobStores, AMissingFileKeepsNothing) {
  const record::Hash name = record::hash(record::view_of("nobody"));
  EXPECT_FALSE(store->keep(name, 6, root + "/nothing"));
  EXPECT_FALSE(*store->has(name, 6));
}

INSTANTIATE_TEST_SUITE_P(Both, BlobStores, testing::Values(Place::folder, Place::bucket),
                         [](const auto& one) { return one.param == Place::folder ? "Folder" : "Bucket"; });

// The server of this suite does tell a right signature from a wrong one.
TEST(Bucket, RefusesAWrongKeyAndAWrongRegion) {
  const test::S3Server server(k_key_id, k_secret, k_region);
  for (const S3Bucket& wrong : {S3Bucket{server.bucket(), k_region, k_key_id, "another"},
                                S3Bucket{server.bucket(), k_region, "ANOTHER", k_secret},
                                S3Bucket{server.bucket(), "eu-central-1", k_key_id, k_secret}}) {
    auto store = open_s3_blob_store(wrong);
    ASSERT_TRUE(store);
    auto there = (*store)->has({}, 1);
    ASSERT_FALSE(there);
    EXPECT_EQ(there.error().kind, ErrorKind::denied);
    EXPECT_FALSE((*store)->read({}));
  }
}

TEST(Bucket, ThatIsNotThereIsNoAbsence) {
  auto store = open_s3_blob_store({"http://127.0.0.1:1/anjungan", k_region, k_key_id, k_secret});
  ASSERT_TRUE(store);
  auto there = (*store)->has({}, 1);
  ASSERT_FALSE(there);
  EXPECT_EQ(there.error().kind, ErrorKind::unavailable);
}

TEST(Bucket, IsOpenedOnlyWhereItsSecretIsSafe) {
  const auto opens = [](const char* url, const char* key_id = k_key_id) {
    return open_s3_blob_store({url, k_region, key_id, k_secret}).has_value();
  };
  EXPECT_TRUE(opens("https://s3.example.go.id/anjungan/"));
  EXPECT_FALSE(opens("http://s3.example.go.id/anjungan"));
  EXPECT_FALSE(opens("http://127.0.0.1.example.com/anjungan"));
  EXPECT_FALSE(opens("http://127.0.0.1:80@example.com/anjungan"));
  EXPECT_FALSE(opens("https://s3.example.go.id/anjungan?x"));
  EXPECT_FALSE(opens("https://s3.example.go.id/anjungan", ""));
}

}  // namespace
}  // namespace anjungan::central
