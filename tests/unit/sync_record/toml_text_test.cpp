// SPDX-License-Identifier: Apache-2.0
#include "sync/record/toml_text.h"

#include <gtest/gtest.h>

#include <utility>

namespace anjungan::record {
namespace {

TEST(TomlText, LettersBeyondAsciiStandInQuotesAndComments) {
  for (const char* good : {
           "",
           "a = 1 # é\r\nb = \"é\"\n",
           "\xef\xbb\xbf# first\na = 'é'\n",
           "\"é\" = 1",
           "a = \"\\\"é\"",
           "a = '\\' # é",
           "a = \"\"\"\né \"é\" \\\"\"\"é\n\"\"\"\n",
           "a = \"\"\"é\"\"\"\"\" # five\n",
           "a = '''\né 'é' ''é\n'''\n",
           "a = \"\" # é",
       }) {
    EXPECT_FALSE(toml_stray_line(good)) << good;
  }
}

TEST(TomlText, ElsewhereTheLineIsTold) {
  const std::pair<const char*, int> cases[] = {
      {"é = 1", 1},
      {"a = 1\n\nb\xc2\xa0= 2", 3},
      {"a = \"\"é", 1},
      {"[x]\n[é]\n", 2},
      {"a = \"open\né = 1", 2},
      {"a = '\\'é", 1},
      {"a = \"\"\"x\"\"\"\"\" é", 1},
      {"a = '''x''''' é", 1},
      {"a = \"\"\"x\"\"\"\"\"\" é\né", 2},  // the sixth begins another, which ends with its line
      {"\xff", 1},
      {"a = 1 \xef\xbb\xbf", 1},
  };
  for (const auto& [bad, line] : cases) {
    const auto found = toml_stray_line(bad);
    ASSERT_TRUE(found) << bad;
    EXPECT_EQ(*found, line) << bad;
  }
}

}  // namespace
}  // namespace anjungan::record
