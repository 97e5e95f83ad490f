// SPDX-License-Identifier: Apache-2.0
// Receipts in the printer's own characters, as the strict interpreter draws what is sent.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "printer/receipt/cells.h"
#include "tests/golden/receipts/paper.h"
#include "tests/golden/receipts/pictures.h"
#include "tests/golden/receipts/samples.h"

namespace anjungan::render {
namespace {

struct Case {
  const char* name;
  receipt::Content (*content)();
  receipt::Medium roll;
  bool native;
  Escpos printer = {};

  [[nodiscard]] receipt::Page page() const { return receipt::layout(content(), receipt::in_cells(roll, native)); }
  [[nodiscard]] int module() const {
    const receipt::Page all = page();
    for (const receipt::Box& any : all.boxes) {
      if (const auto* qr = std::get_if<receipt::QrBox>(&any)) return qr->module;
    }
    return 0;
  }
  [[nodiscard]] Bytes bytes() const {
    Escpos with = printer;
    with.native_qr = native;
    return to_escpos(page(), with);
  }
  [[nodiscard]] std::vector<simulator::Sheet> sheets() const {
    return simulator::Paper::print(bytes(), {roll.width, printer.steps, printer.cut});
  }
};

constexpr receipt::Medium k_fine = receipt::roll(512, 180);
constexpr Escpos k_torn{80, false, 1, false};
constexpr Escpos k_half_steps{24, true, 2, false};

const std::array<Case, 9> k_cases = {{{"text-80mm", receipt::sample, receipt::k_roll_80, false},
                                      {"text-58mm", receipt::sample, receipt::k_roll_58, false, k_torn},
                                      {"text-512", receipt::sample, k_fine, false, k_half_steps},
                                      {"native-80mm", receipt::sample, receipt::k_roll_80, true},
                                      {"native-512", receipt::sample, k_fine, true, k_half_steps},
                                      {"text-reprint-80mm", receipt::reprint, receipt::k_roll_80, false},
                                      {"text-counter-58mm", receipt::counter, receipt::k_roll_58, false, k_torn},
                                      {"text-nasty-80mm", receipt::nasty, receipt::k_roll_80, false},
                                      {"native-nasty-58mm", receipt::nasty, receipt::k_roll_58, true, k_torn}}};

class Cells : public testing::TestWithParam<Case> {};

TEST_P(Cells, LookAsTheyShould) {
  const Case& one = GetParam();
  const auto sheets = one.sheets();
  ASSERT_EQ(sheets.size(), 1U);
  compare(one.name, to_png(sheets[0].picture, 8));
}

/// The strictest check of all: every byte did what was meant, or a dot would be elsewhere.
TEST_P(Cells, ThePrinterDrawsThePageDotForDot) {
  const Case& one = GetParam();
  const auto sheets = one.sheets();
  ASSERT_EQ(sheets.size(), 1U);
  EXPECT_TRUE(sheets[0].problems.empty()) << sheets[0].problems.front();
  const Bitmap expected = to_bitmap(one.page());
  EXPECT_EQ(sheets[0].picture.height, expected.height);
  EXPECT_TRUE(sheets[0].picture.bits == expected.bits);
}

TEST_P(Cells, AnIndependentReaderReadsTheCode) {
  const Case& one = GetParam();
  EXPECT_GE(one.module() * 25.4 / one.roll.dpi, 0.5) << "millimetres a module";
  const fs::path png = k_actual / (std::string(one.name) + "-qr.png");
  write(png, to_png(one.sheets().at(0).picture, 16));
  EXPECT_EQ(read_qr(png), one.content().qr + "\n");
  // A photograph of the paper. Modules of half a millimetre want a steadier hand than those of a drawn receipt.
  const fs::path worse = k_actual / (std::string(one.name) + "-worse.png");
  const std::string how = one.module() >= 5 ? " -resize 74% -gaussian-blur 0x1 " : " -resize 84% -gaussian-blur 0x0.8 ";
  ASSERT_EQ(std::system(("convert " + png.string() + how + worse.string()).c_str()), 0);
  EXPECT_EQ(read_qr(worse), one.content().qr + "\n");
}

INSTANTIATE_TEST_SUITE_P(All, Cells, testing::ValuesIn(k_cases), [](const auto& one) {
  std::string name = one.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(CellBytes, ASlowLineHasLittleToCarry) {
  const std::size_t picture = to_escpos(receipt::layout(receipt::sample(), receipt::k_roll_80)).size();
  const std::size_t text = k_cases[0].bytes().size();
  const std::size_t native = k_cases[3].bytes().size();
  EXPECT_LT(text, picture / 15) << picture;
  EXPECT_LT(native, text / 2) << text;
}

TEST(InAscii, KeepsWordsAndGivesUpWhereALetterWouldBeLost) {
  using receipt::in_ascii;
  EXPECT_EQ(in_ascii("Jalan Mawar 8 (RT 3)"), "Jalan Mawar 8 (RT 3)");
  EXPECT_EQ(in_ascii("José Ñandú, “Café” … 5–6"), "Jose Nandu, \"Cafe\" ... 5-6");
  EXPECT_EQ(in_ascii("Anjungan 0012 · Lantai 1"), "Anjungan 0012 - Lantai 1");
  EXPECT_EQ(in_ascii("e\xcc\x81"), "e");
  for (const char* lost : {"名前", "مثال", "👍", "\xef\xbf\xbd"}) EXPECT_FALSE(in_ascii(lost)) << lost;
}

TEST(Wrapped, BreaksAtSpacesAndLongWordsAnywhere) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(receipt::wrapped("aaa bbb ccc", 7), (Words{"aaa bbb", "ccc"}));
  EXPECT_EQ(receipt::wrapped("abcdefgh ij", 3), (Words{"abc", "def", "gh", "ij"}));
  EXPECT_EQ(receipt::wrapped("", 3), (Words{""}));
  EXPECT_EQ(receipt::wrapped("abc", 3), (Words{"abc"}));
}

/// Every field of a receipt, filled with what would be commands: the paper is the page's, in one piece.
class Filler {
 public:
  explicit Filler(unsigned seed) : m_random(seed) {}

  receipt::Content content() {
    receipt::Content out;
    for (std::string* field :
         {&out.government,   &out.hall,      &out.title,       &out.number_label, &out.number,       &out.time,
          &out.place,        &out.rows_note, &out.due_title,   &out.due_note,     &out.follow_title, &out.qr,
          &out.scan_title,   &out.scan_text, &out.code_label,  &out.code,         &out.code_note,    &out.without_phone,
          &out.rights_title, &out.rights,    &out.state_title, &out.state,        &out.closing}) {
      *field = text();
    }
    for (int n = 0; n < 3; n++) {
      out.rows.push_back({text(), text(), n == 1});
      out.due.push_back({text(), text(), n == 0});
    }
    if (m_random() % 2 == 0) out.copy = receipt::CopyMark{text(), text()};
    if (m_random() % 2 == 0) out.signature = receipt::SignatureLine{text(), text(), text(), text()};
    return out;
  }

 private:
  std::string text() {
    static const std::array<std::string, 14> parts = {"\x1b@",
                                                      "\x1dV\x42\x01",
                                                      "\x10\x04\x01",
                                                      "\x1d(k\x03\x01\x31\x51\x30",
                                                      "\x1b"
                                                      "J\xff",
                                                      "\x10\x14\x01\x01",
                                                      "\n",
                                                      "é",
                                                      "·",
                                                      "名",
                                                      "kata ",
                                                      "👍",
                                                      "~",
                                                      std::string(1, '\0')};
    std::string out;
    const auto length = m_random() % 12;
    for (unsigned n = 0; n < length; n++) {
      const auto what = m_random() % 4;
      if (what == 0) out += parts[m_random() % parts.size()];
      if (what == 1) out.push_back(static_cast<char>(m_random() % 256));
      if (what >= 2) out.append(m_random() % 12, static_cast<char>('!' + m_random() % 90));
    }
    return out;
  }

  std::mt19937 m_random;
};

/// Whatever a layout put into a box, the printer is not told to do it.
TEST(Cells, NoByteOfABoxIsACommand) {
  receipt::Page page;
  page.medium = receipt::in_cells(receipt::k_roll_80, false);
  page.width = page.medium.width;
  page.height = 2 * receipt::k_cell_height;
  page.boxes.emplace_back(receipt::CellBox{.text = "\x1b@\x1dV\x42\x01\n\x10\x14\x01"});
  page.boxes.emplace_back(receipt::CellBox{.y = receipt::k_cell_height, .text = "kata"});
  const auto sheets = simulator::Paper::print(to_escpos(page, Escpos{}), {page.width, 1, true});
  ASSERT_EQ(sheets.size(), 1U);
  EXPECT_TRUE(sheets[0].problems.empty()) << sheets[0].problems.front();
  EXPECT_TRUE(sheets[0].picture.bits == to_bitmap(page).bits);
}

TEST(Cells, NoByteOfAnyContentIsACommand) {
  for (unsigned seed = 1; seed <= 60; seed++) {
    const receipt::Content content = Filler(seed).content();
    const Case& like = k_cases[seed % 5];
    const receipt::Page page = receipt::layout(content, receipt::in_cells(like.roll, like.native));
    for (const receipt::Box& any : page.boxes) {
      const auto* cell = std::get_if<receipt::CellBox>(&any);
      if (cell == nullptr) continue;
      for (const char c : cell->text) ASSERT_TRUE(c >= ' ' && c <= '~') << seed << ": " << static_cast<int>(c);
    }
    Escpos printer = like.printer;
    printer.native_qr = like.native;
    const auto sheets =
        simulator::Paper::print(to_escpos(page, printer), {like.roll.width, printer.steps, printer.cut});
    ASSERT_EQ(sheets.size(), 1U) << seed;
    ASSERT_TRUE(sheets[0].problems.empty()) << seed << ": " << sheets[0].problems.front();
    ASSERT_TRUE(sheets[0].picture.bits == to_bitmap(page).bits) << seed;
  }
}

}  // namespace
}  // namespace anjungan::render
