// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL alone can do to a store.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "sync/central/store/postgres_connection.h"
#include "sync/central/store/store.h"
#include "tests/contract/central_store/postgres_server.h"

namespace anjungan::central {
namespace {

using record::ErrorKind;
using record::Result;

EventRow event(std::uint64_t seq) {
  EventRow out;
  out.seq = seq;
  out.id = record::Uuid::make(static_cast<std::int64_t>(seq));
  out.bytes = record::Bytes(700, static_cast<std::uint8_t>(seq));
  out.hash = record::hash(out.bytes);
  return out;
}

TEST(Postgres, WhatWasAcknowledgedIsThereAfterAKill) {
  test::PostgresServer server;
  ASSERT_TRUE(server.running()) << server.why();
  auto store = open_postgres_store(server.url());
  ASSERT_TRUE(store) << store.error().text;
  std::atomic<std::uint64_t> acked{0};
  std::atomic<bool> ended{false};
  std::thread writer([&] {
    while (!ended) {
      const EventRow row = event(acked + 1);
      const auto done = (*store)->write([&](Writer& out) -> Result<void> {
        auto inserted = out.insert_events("a", {&row, 1});
        if (!inserted) return tl::unexpected(inserted.error());
        EXPECT_NE(inserted->front(), Inserted::conflict);
        return {};
      });
      if (done) acked++;
    }
  });
  for (int round = 0; round < 4; round++) {
    const std::uint64_t goal = acked + 50;
    while (acked < goal) std::this_thread::yield();
    server.kill();
    server.start();
    ASSERT_TRUE(server.running()) << server.why();
  }
  const std::uint64_t goal = acked + 50;  // it goes on by itself
  while (acked < goal) std::this_thread::yield();
  ended = true;
  writer.join();
  const auto done = (*store)->read([&](Reader& in) -> Result<void> {
    const std::uint64_t there = in.event_count("a").value();
    EXPECT_GE(there, acked);
    EXPECT_LE(there, acked + 1);
    return {};
  });
  EXPECT_TRUE(done);
}

TEST(Postgres, ADeadServerIsSaidToBeUnavailableWithoutItsAddress) {
  test::PostgresServer server;
  ASSERT_TRUE(server.running()) << server.why();
  auto store = open_postgres_store(server.url());
  ASSERT_TRUE(store) << store.error().text;
  server.kill();
  const auto done = (*store)->write([](Writer& out) { return out.set_meta("a", record::view_of("1")); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(done.error().text.find(server.folder()), std::string::npos);
  const auto closed = open_postgres_store(server.url());
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().text.find(server.folder()), std::string::npos);
}

TEST(Postgres, AServerThatDoesNotWaitForItsDiskIsRefused) {
  test::PostgresServer server("-c fsync=off");
  ASSERT_TRUE(server.running()) << server.why();
  const auto store = open_postgres_store(server.url());
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().text.find("fsync"), std::string::npos);
}

TEST(Postgres, ACommitWaitsForTheDiskWhateverTheServersDefaultIs) {
  for (const auto& [asked, given] :
       {std::pair{"off", "on"}, std::pair{"local", "on"}, std::pair{"remote_apply", "remote_apply"}}) {
    test::PostgresServer server(std::string("-c synchronous_commit=") + asked);
    ASSERT_TRUE(server.running()) << server.why();
    auto connection = PostgresConnection::open(server.url());
    ASSERT_TRUE(connection) << connection.error().text;
    EXPECT_EQ(connection->query("SELECT current_setting('synchronous_commit')", {})->text(0, 0), given);
  }
}

TEST(Postgres, RowsAreNeverChangedOrRemoved) {
  test::PostgresServer server;
  ASSERT_TRUE(server.running()) << server.why();
  auto store = open_postgres_store(server.url());
  ASSERT_TRUE(store) << store.error().text;
  ASSERT_TRUE((*store)->write([](Writer& out) -> Result<void> {
    const EventRow row = event(1);
    EXPECT_TRUE(out.insert_events("a", {&row, 1}));
    return out.add_audit({1, "admin", "a deed"});
  }));
  auto connection = PostgresConnection::open(server.url());
  ASSERT_TRUE(connection);
  for (const char* sql : {"UPDATE event SET seq = 9", "DELETE FROM event", "TRUNCATE event",
                          "UPDATE audit SET who = 'x'", "DELETE FROM audit", "TRUNCATE audit"}) {
    EXPECT_FALSE(connection->run(sql)) << sql;
  }
}

TEST(Postgres, ASchemaOfTheFirstVersionIsTakenOver) {
  test::PostgresServer server;
  ASSERT_TRUE(server.running()) << server.why();
  ComplaintRow row;
  row.number = "3273-0001-000001-1";
  row.device = "3273-0001";
  row.seq = 1;
  row.status = "received";
  row.secret_hash.fill(7);
  row.code_hmac.fill(9);
  {
    auto store = open_postgres_store(server.url());
    ASSERT_TRUE(store) << store.error().text;
    ASSERT_TRUE((*store)->write([&](Writer& out) -> Result<void> {
      auto added = out.add_complaints({&row, 1});
      return added ? Result<void>() : tl::unexpected(added.error());
    }));
  }
  auto connection = PostgresConnection::open(server.url());
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->run(
      "DROP TABLE anjungan.attachment, anjungan.blob, anjungan.former_keys;"
      "INSERT INTO anjungan.receipt SELECT number, device, seq, secret_hash, code_hmac FROM anjungan.complaint;"
      "ALTER TABLE anjungan.receipt ADD UNIQUE(secret_hash);"
      "ALTER TABLE anjungan.complaint DROP COLUMN secret_hash, DROP COLUMN code_hmac;"
      "INSERT INTO anjungan.step(number, kind, at_ms, agency, text, evidence) "
      "SELECT number, 'received', received_ms, '', '', '' FROM anjungan.complaint;"
      "UPDATE anjungan.schema_version SET version = 1"));
  auto store = open_postgres_store(server.url());
  ASSERT_TRUE(store) << store.error().text;
  ASSERT_TRUE((*store)->read([&](Reader& in) -> Result<void> {
    EXPECT_EQ(in.receipt(row.number, row.secret_hash).value()->seq, 1U);
    EXPECT_EQ(in.receipt_by_code(row.code_hmac).value()->number, row.number);
    EXPECT_TRUE(in.steps(row.number).value().empty());
    EXPECT_TRUE(in.attachments(row.number).value().empty());
    return {};
  }));
  EXPECT_EQ(connection->query("SELECT count(*) FROM anjungan.receipt", {})->integer(0, 0), 0);
}

TEST(Postgres, ACommitOfABrokenTransactionIsAFailure) {
  test::PostgresServer server;
  ASSERT_TRUE(server.running()) << server.why();
  auto connection = PostgresConnection::open(server.url());
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->run("BEGIN"));
  EXPECT_FALSE(connection->run("SELECT 1/0"));
  EXPECT_FALSE(connection->commit());
  EXPECT_TRUE(connection->usable());
}

}  // namespace
}  // namespace anjungan::central
