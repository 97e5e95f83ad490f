// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/words.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace anjungan::ui {
namespace {

class TwoLanguages : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "anjungan-words-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    m_folder = name;
    const auto messages = m_folder / "kiosk" / "LC_MESSAGES";
    std::filesystem::create_directories(messages);
    std::ofstream(m_folder / "en.po") << "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n"
                                         "msgid \"Kembali\"\nmsgstr \"Back\"\n\n"
                                         "msgid \"Tanpa nama\"\nmsgstr \"Without a name – “anonymous”\"\n";
    const std::string compile =
        "msgfmt -o '" + (messages / "en.mo").string() + "' '" + (m_folder / "en.po").string() + "'";
    ASSERT_EQ(std::system(compile.c_str()), 0) << "msgfmt is in Debian's gettext";
    Words::open(m_folder.string(), "en");
  }
  void TearDown() override { std::filesystem::remove_all(m_folder); }

 private:
  std::filesystem::path m_folder;
};

TEST_F(TwoLanguages, StandSideBySide) {
  const Words indonesian("id");
  const Words english("en");
  EXPECT_STREQ(indonesian.tr("Kembali"), "Kembali");
  EXPECT_STREQ(english.tr("Kembali"), "Back");
  EXPECT_STREQ(indonesian.tr("Kembali"), "Kembali");
  EXPECT_STREQ(english.tr("Tanpa nama"), "Without a name – “anonymous”");
}

TEST_F(TwoLanguages, FallBackToIndonesian) {
  const Words english("en");
  EXPECT_STREQ(english.tr("Belum diterjemahkan"), "Belum diterjemahkan");
  EXPECT_FALSE(english.has("Belum diterjemahkan"));
  EXPECT_TRUE(english.has("Kembali"));
  EXPECT_TRUE(Words("id").has("Belum diterjemahkan"));
}

}  // namespace
}  // namespace anjungan::ui
