// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/table.h"

#include <gtest/gtest.h>

namespace anjungan::ctl {
namespace {

TEST(Table, PadsToTheWidestCellInCharactersNotBytes) {
  Table table({"NAME", "N"});
  table.add({"Coblong", "1"});
  table.add({"Élan", "22"});
  EXPECT_EQ(table.str(), "NAME     N\nCoblong  1\nÉlan     22\n");
}

TEST(Table, MissingCellsAreDashesAndSuperfluousOnesAreDropped) {
  Table table({"A", "B"});
  table.add({"x"});
  table.add({"y", "", "z"});
  EXPECT_EQ(table.str(), "A  B\nx  -\ny  -\n");
}

TEST(Table, NothingThatWasTypedMovesTheTerminalsCursor) {
  EXPECT_EQ(printable("a\x1B[2Jb\r\n\x7F"), "a?[2Jb???");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "31mb"),
            "a?31mb");
  EXPECT_EQ(printable("Jalan Merdeka №5 — \xC2\xA0ok"), "Jalan Merdeka №5 — \xC2\xA0ok");
}

}  // namespace
}  // namespace anjungan::ctl
