// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/words.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace anjungan::ui {
namespace {

class TwoLanguages : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "anjungan-words-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    m_folder = name;
    const auto messages = m_folder / "en" / "LC_MESSAGES";
    std::filesystem::create_directories(messages);
    std::ofstream(m_folder / "en.po") << "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n"
                                         "msgid \"Kembali\"\nmsgstr \"Back\"\n\n"
                                         "msgid \"Tanpa nama\"\nmsgstr \"Without a name – “anonymous”\"\n";
    const std::string compile =
        "msgfmt -o '" + (messages / "anjungan.mo").string() + "' '" + (m_folder / "en.po").string() + "'";
    ASSERT_EQ(std::system(compile.c_str()), 0) << "msgfmt is in Debian's gettext";
  }
  void TearDown() override { std::filesystem::remove_all(m_folder); }

 protected:
  std::filesystem::path m_folder;
};

TEST_F(TwoLanguages, ADamagedCatalogueIsRefusedAtEveryByte) {
  const auto path = m_folder / "en" / "LC_MESSAGES" / "anjungan.mo";
  std::ifstream in(path, std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(in), {});
  ASSERT_GT(whole.size(), 28U);
  for (std::size_t length = 0; length < whole.size(); length++) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, length);
    const auto cut = Words::read(m_folder.string(), "en");
    // What is cut behind the last text is not missed; anything else is.
    if (cut) {
      EXPECT_STREQ(cut->tr("Kembali"), "Back") << length;
    }
  }
  for (std::size_t at = 0; at < whole.size(); at++) {
    std::string other = whole;
    other[at] = static_cast<char>(other[at] ^ 0xff);
    std::ofstream(path, std::ios::binary) << other;
    if (const auto read = Words::read(m_folder.string(), "en")) (void)read->tr("Kembali");
  }
  EXPECT_EQ(Words::read(m_folder.string(), "jv").error().kind, record::ErrorKind::not_found);
}

TEST_F(TwoLanguages, StandSideBySide) {
  const Words indonesian;
  const Words english = *Words::read(m_folder.string(), "en");
  EXPECT_STREQ(indonesian.tr("Kembali"), "Kembali");
  EXPECT_STREQ(english.tr("Kembali"), "Back");
  EXPECT_STREQ(indonesian.tr("Kembali"), "Kembali");
  EXPECT_STREQ(english.tr("Tanpa nama"), "Without a name – “anonymous”");
}

TEST_F(TwoLanguages, FallBackToIndonesian) {
  const Words english = *Words::read(m_folder.string(), "en");
  EXPECT_STREQ(english.tr("Belum diterjemahkan"), "Belum diterjemahkan");
  EXPECT_FALSE(english.has("Belum diterjemahkan"));
  EXPECT_TRUE(english.has("Kembali"));
  EXPECT_TRUE(Words().has("Belum diterjemahkan"));
}

}  // namespace
}  // namespace anjungan::ui
