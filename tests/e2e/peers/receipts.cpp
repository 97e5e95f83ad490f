// SPDX-License-Identifier: Apache-2.0
// peers_receipts FOLDER: the golden receipts in every language that a roll printer gets, each as NAME.bytes, the
// picture that our interpreter makes of them (NAME.pbm), the words in the printer's own characters (NAME.txt) and what
// the QR code says (NAME.qr).
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/golden/receipts/paper.h"
#include "tests/golden/receipts/samples.h"

namespace anjungan::render {
namespace {

struct Head {
  const char* name;
  receipt::Medium medium;
  Escpos printer;
};

void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

bool print(const std::string& base, const receipt::Content& content, const Head& head) {
  const receipt::Page page = receipt::layout(content, head.medium);
  const Bytes bytes = to_escpos(page, head.printer);
  const auto sheets = simulator::Paper::print(bytes, {head.medium.width, head.printer.steps, head.printer.cut});
  if (sheets.size() != 1 || !sheets[0].problems.empty()) {
    std::fprintf(stderr, "%s: not one clean sheet\n", base.c_str());
    return false;
  }
  const Bitmap& picture = sheets[0].picture;
  write(base + ".bytes", std::string(bytes.begin(), bytes.end()));
  write(base + ".pbm", "P4\n" + std::to_string(picture.width) + " " + std::to_string(picture.height) + "\n" +
                           std::string(picture.bits.begin(), picture.bits.end()));
  std::string words;
  for (const receipt::Box& any : page.boxes) {
    if (const auto* cell = std::get_if<receipt::CellBox>(&any)) words += cell->text + "\n";
  }
  write(base + ".txt", words);
  write(base + ".qr", content.qr);
  return true;
}

int run(const std::string& folder) {
  constexpr receipt::Medium k_fine = receipt::roll(512, 180);
  const Head heads[] = {
      {"raster-80", receipt::k_roll_80, {}},
      {"raster-58", receipt::k_roll_58, {80, false, 1, false}},
      {"raster-512", k_fine, {24, true, 2, false}},
      {"text-80", receipt::in_cells(receipt::k_roll_80, false), {}},
      {"text-58", receipt::in_cells(receipt::k_roll_58, false), {80, false, 1, false}},
      {"native-512", receipt::in_cells(k_fine, true), {24, true, 2, true}},
  };
  const std::pair<const char*, receipt::Content (*)()> samples[] = {{"sample", receipt::sample},
                                                                    {"anonymous", receipt::anonymous},
                                                                    {"reprint", receipt::reprint},
                                                                    {"counter", receipt::counter},
                                                                    {"nasty", receipt::nasty}};
  std::filesystem::create_directories(folder);
  bool good = true;
  for (const Head& head : heads) {
    for (const auto& [name, content] : samples) {
      good = print(folder + "/" + head.name + "-" + name, content(), head) && good;
    }
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace anjungan::render

int main(int argc, char** argv) {
  if (argc == 2) return anjungan::render::run(argv[1]);
  std::fputs("usage: peers_receipts FOLDER\n", stderr);
  return 2;
}
