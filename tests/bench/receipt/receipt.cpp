// SPDX-License-Identifier: Apache-2.0
// bench_receipt document: the sample receipt as a ReceiptLine document, so that the peer gets the same texts.
// bench_receipt rounds: for every line on stdin one round of receipts; answers with the medians of its parts in
// milliseconds as one JSON line: "first", "wall", "qr", "raster", "text" and "native" by the clock, "..._bytes" as
// bytes, the others as the thread's CPU time.
#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "printer/render/render.h"
#include "tests/bench/figures.h"
#include "tests/golden/receipts/samples.h"

namespace anjungan::bench {
namespace {

constexpr int k_a_round = 40;

/// ReceiptLine's own characters as its hexadecimal escapes.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '{' || c == '|' || c == '}' || c == '~' || c == '_' || c == '"' || c == '`' || c == '^') {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

void print_document(const receipt::Content& content) {
  const auto line = [](const std::string& text) { fmt::print("|{}|\n", escaped(text)); };
  const auto paragraph = [](const std::string& text) { fmt::print("{{w:*}}\n|{}\n{{w:auto}}\n", escaped(text)); };
  const auto rows = [](const std::vector<receipt::Row>& all) {
    fmt::print("{{w:11 *}}\n");
    for (const auto& row : all) {
      const char* mark = row.strong ? "\"" : "";
      if (!row.value.empty()) fmt::print("|{} |{}{}{}\n", escaped(row.label), mark, escaped(row.value), mark);
    }
    fmt::print("{{w:auto}}\n");
  };
  line(content.government);
  line(content.hall);
  fmt::print("-\n");
  line(content.title);
  line(content.number_label);
  fmt::print("|^^{}|\n", escaped(content.number));
  line(content.time);
  line(content.place);
  fmt::print("-\n");
  rows(content.rows);
  fmt::print("-\n");
  line(content.due_title);
  rows(content.due);
  paragraph(content.due_note);
  fmt::print("-\n");
  line(content.follow_title);
  fmt::print("{{code:{};option:qrcode,6,m}}\n", escaped(content.qr));
  line(content.scan_title);
  line(content.scan_text);
  line(content.code_label);
  fmt::print("|^^{}|\n", escaped(content.code));
  paragraph(content.without_phone);
  fmt::print("-\n");
  line(content.rights_title);
  paragraph(content.rights);
  fmt::print("-\n");
  line(content.state_title);
  paragraph(content.state);
  paragraph(content.closing);
}

struct Parts {
  std::vector<double> wall, whole, content, layout, bitmap, escpos, qr;
  std::vector<double> raster, text, native;  ///< fields to the printer's bytes, by the clock
};

void one_receipt(Parts& parts) {
  const double wall = now_ms();
  const double start = cpu_ms();
  const receipt::Content content = receipt::sample();
  const double filled = cpu_ms();
  const receipt::Page page = receipt::layout(content, receipt::k_roll_80);
  const double laid_out = cpu_ms();
  const render::Bitmap bitmap = render::to_bitmap(page);
  const double drawn = cpu_ms();
  parts.wall.push_back(now_ms() - wall);
  const double before_bytes = cpu_ms();
  const render::Bytes bytes = render::to_escpos(bitmap);
  const double coded = cpu_ms();
  if (bytes.empty()) {
    fmt::print(stderr, "bench receipt: an empty receipt\n");
    std::exit(1);
  }
  parts.whole.push_back(drawn - start);
  parts.content.push_back(filled - start);
  parts.layout.push_back(laid_out - filled);
  parts.bitmap.push_back(drawn - laid_out);
  parts.escpos.push_back(coded - before_bytes);
}

/// Milliseconds from the fields to the bytes in that language.
double bytes_ms(const receipt::Medium& medium, const render::Escpos& printer) {
  const double start = now_ms();
  const render::Bytes bytes = render::to_escpos(receipt::layout(receipt::sample(), medium), printer);
  const double took = now_ms() - start;
  if (bytes.empty()) {
    fmt::print(stderr, "bench receipt: an empty receipt\n");
    std::exit(1);
  }
  return took;
}

void each_language(Parts& parts) {
  render::Escpos native;
  native.native_qr = true;
  parts.raster.push_back(bytes_ms(receipt::k_roll_80, {}));
  parts.text.push_back(bytes_ms(receipt::in_cells(receipt::k_roll_80, false), {}));
  parts.native.push_back(bytes_ms(receipt::in_cells(receipt::k_roll_80, true), native));
}

std::size_t size_of(const receipt::Medium& medium, bool native_qr) {
  render::Escpos printer;
  printer.native_qr = native_qr;
  return render::to_escpos(receipt::layout(receipt::sample(), medium), printer).size();
}

void one_code(Parts& parts, const std::string& text) {
  const double start = now_ms();
  const receipt::QrCode qr = receipt::make_qr(text);
  parts.qr.push_back(now_ms() - start);
  if (qr.size == 0) {
    fmt::print(stderr, "bench receipt: an empty code\n");
    std::exit(1);
  }
}

void answer_rounds() {
  Parts first;
  one_receipt(first);
  for (std::string line; std::getline(std::cin, line);) {
    Parts parts;
    for (int n = 0; n < k_a_round; n++) one_receipt(parts);
    for (int n = 0; n < k_a_round; n++) each_language(parts);
    for (int n = 0; n < k_a_round; n++) one_code(parts, receipt::sample().qr);
    fmt::print(
        R"({{"first":{:.6f},"wall":{:.6f},"whole":{:.6f},"content":{:.6f},"layout":{:.6f},"bitmap":{:.6f},"escpos":{:.6f},)"
        R"("qr":{:.6f},"raster":{:.6f},"text":{:.6f},"native":{:.6f},)"
        R"("raster_bytes":{},"text_bytes":{},"native_bytes":{}}})"
        "\n",
        first.wall[0], median(parts.wall), median(parts.whole), median(parts.content), median(parts.layout),
        median(parts.bitmap), median(parts.escpos), median(parts.qr), median(parts.raster), median(parts.text),
        median(parts.native), size_of(receipt::k_roll_80, false),
        size_of(receipt::in_cells(receipt::k_roll_80, false), false),
        size_of(receipt::in_cells(receipt::k_roll_80, true), true));
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace anjungan::bench

int main(int argc, char** argv) {
  const std::string what = argc == 2 ? argv[1] : "";
  if (what == "document") {
    anjungan::bench::print_document(anjungan::receipt::sample());
  } else if (what == "rounds") {
    anjungan::bench::answer_rounds();
  } else {
    fmt::print(stderr, "usage: bench_receipt document | rounds\n");
    return 1;
  }
  return 0;
}
