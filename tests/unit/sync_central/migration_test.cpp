// SPDX-License-Identifier: Apache-2.0
// Stores that an older program made.
#include <sqlite3.h>

#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

void run_sql(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
}

TEST(OldStore, OfSchema2IsTakenOver) {
  Hall hall;
  hall.enrol();
  const auto issued = hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  ASSERT_TRUE(hall.centre->act(issued.number.str(), {Action::verify, "", "", ""}, "admin"));
  hall.centre.reset();
  run_sql(
      hall.terminal.root + "/central/central.db",
      "DROP TABLE former_keys; DROP TABLE attachment; DROP TABLE blob; DROP TABLE receipt; CREATE TABLE receipt(number "
      "TEXT NOT NULL, device "
      "TEXT NOT NULL, seq INTEGER NOT NULL, "
      "secret_hash BLOB NOT NULL UNIQUE, code_hmac BLOB NOT NULL UNIQUE) STRICT; "
      "CREATE INDEX receipt_number ON receipt(number, seq); "
      "INSERT INTO receipt SELECT number, device, seq, secret_hash, code_hmac FROM complaint; "
      "DROP INDEX complaint_code; ALTER TABLE complaint DROP COLUMN secret_hash; "
      "ALTER TABLE complaint DROP COLUMN code_hmac; ALTER TABLE complaint DROP COLUMN code_group; "
      "CREATE TABLE kept AS SELECT * FROM step; DELETE FROM step; "
      "INSERT INTO step(number, kind, at_ms, agency, text, evidence) SELECT number, 'received', received_ms, '', '', "
      "'' FROM complaint; "
      "INSERT INTO step(number, kind, at_ms, agency, text, evidence) SELECT number, kind, at_ms, agency, text, "
      "evidence FROM kept; DROP TABLE kept; PRAGMA user_version=2");
  hall.open_centre();
  ASSERT_TRUE(hall.centre);
  const auto found = hall.centre->complaint(issued.number.str());
  ASSERT_TRUE(found) << found.error().text;
  ASSERT_EQ(found->steps.size(), 2U);
  EXPECT_EQ(found->steps[0].kind, "received");
  EXPECT_EQ(found->steps[0].at_ms, found->complaint.received_ms);
  EXPECT_EQ(found->steps[1].kind, "verified");
  for (const bool rebuilt : {false, true}) {
    if (rebuilt) {
      ASSERT_TRUE(hall.centre->rebuild("admin"));
    }
    EXPECT_EQ(hall.centre->look_at_code(issued.code.str())->verdict, Verdict::known);
    EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", issued.token))->verdict, Verdict::known);
  }
}

}  // namespace
}  // namespace anjungan::central
