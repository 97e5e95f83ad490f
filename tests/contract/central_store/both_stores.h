// SPDX-License-Identifier: Apache-2.0
// A test for the centre on SQLite and on PostgreSQL alike: its parameter says which.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/contract/central_store/postgres_server.h"

namespace anjungan::central {

/// One for all tests of a program; started by the first that needs it.
inline test::PostgresServer& server() {
  static test::PostgresServer one;
  return one;
}

class BothStores : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!GetParam()) return;
    ASSERT_TRUE(server().running()) << server().why();
    m_url = server().new_database();
  }
  std::string m_url;  ///< as open_store() takes it; empty: SQLite
};

inline std::string store_name(const testing::TestParamInfo<bool>& one) { return one.param ? "Postgres" : "Sqlite"; }

}  // namespace anjungan::central
