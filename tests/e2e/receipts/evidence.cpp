// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/receipts/evidence.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>

#include "tests/contract/printer/bench.h"

namespace anjungan::receipts {
namespace {

constexpr std::size_t k_number_length = 18;

struct Page {
  std::string title;
  std::string bits;

  [[nodiscard]] std::string number() const { return title.substr(0, k_number_length); }
  [[nodiscard]] int mark() const {
    const std::size_t at = title.find("-mark-");
    return at == std::string::npos ? 0 : std::stoi(title.substr(at + 6));
  }
};

// Attempts that look the same are one page.
std::vector<Page> pages_in(const std::string& folder) {
  std::vector<Page> out;
  std::set<std::string> seen;
  for (const auto& one : std::filesystem::directory_iterator(folder)) {
    if (one.path().extension() == ".new") continue;
    std::ifstream file(one.path(), std::ios::binary);
    std::string size;
    std::getline(file, size);
    Page page{one.path().stem().string(), {std::istreambuf_iterator<char>(file), {}}};
    if (seen.insert(page.bits).second) out.push_back(std::move(page));
  }
  return out;
}

std::string_view text_of(const render::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Whether the sheet has the page's lines somewhere, whole and one below the other.
bool holds(std::string_view sheet, const std::string& page, std::size_t line_bytes) {
  for (std::size_t at = 0; at + page.size() <= sheet.size(); at += line_bytes) {
    if (sheet.compare(at, page.size(), page) == 0) return true;
  }
  return false;
}

}  // namespace

Evidence judge(const std::vector<simulator::Sheet>& sheets, const std::string& folder) {
  const std::vector<Page> pages = pages_in(folder + "/pages");
  Evidence out;
  for (std::size_t i = 0; i < sheets.size(); i++) {
    const simulator::Sheet& sheet = sheets[i];
    const std::string_view bits = text_of(sheet.picture.bits);
    bool anything = false;
    for (const Page& page : pages) {
      if (!holds(bits, page.bits, static_cast<std::size_t>(sheet.picture.stride))) continue;
      anything = true;
      if (page.mark() == 0) out.unmarked[page.number()]++;
      if (sheet.breaks == 0 && bits == page.bits) {
        out.complete[page.number()].push_back({i, page.mark()});
      }
    }
    if (!anything) out.broken++;
  }
  return out;
}

bool has_bar(const render::Bitmap& picture) {
  // Taller than any rule, lower than a third of the receipt.
  constexpr int k_bar_lines = 24;
  int run = 0;
  for (int y = 0; y < picture.height / 3 && run < k_bar_lines; y++) {
    int black = 0;
    for (int x = 0; x < picture.width; x++) black += picture.black(x, y) ? 1 : 0;
    run = black * 10 > picture.width * 6 ? run + 1 : 0;
  }
  return run >= k_bar_lines;
}

std::string qr_of(const render::Bitmap& picture, const std::string& png) {
  const render::Bytes bytes = render::to_png(picture, 16);
  std::ofstream(png, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  std::string out = spool::shell("zbarimg -q --nodbus --raw -Sdisable -Sqrcode.enable " + png);
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

}  // namespace anjungan::receipts
