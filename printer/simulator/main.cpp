// SPDX-License-Identifier: Apache-2.0
// struk-simulator: a receipt printer for demonstrations. One PNG, one PDF and one .bytes file a cut in its folder; the
// file `state` there plays the faults.
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "printer/profile/profile.h"
#include "printer/simulator/receipt_printer.h"

namespace anjungan::simulator {
namespace {

constexpr const char* k_usage =
    "usage: struk-simulator --out FOLDER [--port N | --pty] [--profile NAME] [--buffer BYTES] [--speed BYTES/S]\n"
    "                       [--mute] [--no-process-id] [--no-paper-order]\n\n"
    "Prints \"listening on 127.0.0.1:PORT\" (any free one without --port) or \"listening on DEVICE\", then draws "
    "every\n"
    "receipt into FOLDER as 0001.png and 0001.pdf with its bytes, counting on from what is there. FOLDER/state holds "
    "one word: ready, low-paper, media-empty,\n"
    "cover-open, offline (no power), stalled. --profile makes it a model with a profile of its own: head, knife, "
    "confirmation. Ends on SIGINT or SIGTERM.\n";

struct Wish {
  PrinterOptions printer;
  std::string out;
  int port = 0;
  bool pty = false;
  int dpi = 203;
};

bool number(const char* text, int& out) {
  const char* end = text + std::strlen(text);
  const auto done = std::from_chars(text, end, out);
  return done.ec == std::errc() && done.ptr == end && out >= 0;
}

bool model(const char* name, Wish& out) {
  std::string error;
  const auto found = profile::load_profile(name, error);
  if (!found) {
    std::fprintf(stderr, "struk-simulator: %s\n", error.c_str());
    return false;
  }
  out.dpi = found->dpi;
  out.printer.head = {found->dots, found->steps, found->cutter};
  if (!found->status) out.printer.speaks = out.printer.process_id = out.printer.paper_order = false;
  return true;
}

bool parse(int argc, char** argv, Wish& out) {
  for (int i = 1; i < argc; i++) {
    const std::string one = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    int size = 0;
    if (one == "--pty") {
      out.pty = true;
    } else if (one == "--mute") {
      out.printer.speaks = out.printer.process_id = out.printer.paper_order = false;
    } else if (one == "--no-process-id") {
      out.printer.process_id = false;
    } else if (one == "--no-paper-order") {
      out.printer.paper_order = false;
    } else if (one == "--out") {
      out.out = value;
      i++;
    } else if (one == "--profile") {
      if (!model(value, out)) return false;
      i++;
    } else if (!number(value, size)) {
      return false;
    } else {
      i++;
      if (one == "--port") {
        out.port = size;
      } else if (one == "--buffer") {
        out.printer.buffer = static_cast<std::size_t>(size);
      } else if (one == "--speed") {
        out.printer.bytes_per_s = size;
      } else {
        return false;
      }
    }
  }
  return !out.out.empty() && out.printer.buffer > 0 && out.printer.bytes_per_s > 0;
}

/// Whole or not at all: others look into the folder while we write.
void write(const std::string& path, const render::Bytes& bytes) {
  const std::string fresh = path + ".new";
  std::ofstream(fresh, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  std::rename(fresh.c_str(), path.c_str());
}

/// The highest number of a sheet in the folder.
int last_number(const std::string& folder) {
  int out = 0;
  std::error_code failed;
  for (const auto& one : std::filesystem::directory_iterator(folder, failed)) {
    int found = 0;
    if (number(one.path().stem().c_str(), found)) out = std::max(out, found);
  }
  return out;
}

void play(ReceiptPrinter& printer, const std::string& folder) {
  std::ifstream file(folder + "/state");
  std::string word = "ready";
  file >> word;
  printer.change([&](Faults& faults) {
    faults.near_end = word == "low-paper";
    faults.paper_out = word == "media-empty";
    faults.cover_open = word == "cover-open";
    faults.off = word == "offline";
    faults.stalled = word == "stalled";
  });
}

int run(int argc, char** argv) {
  Wish wish;
  if (!parse(argc, argv, wish)) {
    std::fputs(k_usage, stderr);
    return 2;
  }
  ::mkdir(wish.out.c_str(), 0777);
  sigset_t ends;
  sigemptyset(&ends);
  for (const int one : {SIGINT, SIGTERM}) sigaddset(&ends, one);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before the printer's thread is made: it inherits this
  ::signal(SIGPIPE, SIG_IGN);
  std::atomic<int> count{last_number(wish.out)};
  ReceiptPrinter printer(wish.printer, [&](const Sheet& sheet) {
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "/%04d", ++count);
    write(wish.out + name.data() + ".bytes", sheet.bytes);
    for (const std::string& problem : sheet.problems)
      std::fprintf(stderr, "%s: %s\n", name.data() + 1, problem.c_str());
    write(wish.out + name.data() + ".pdf", render::to_pdf(sheet.picture, wish.dpi));
    write(wish.out + name.data() + ".png", render::to_png(sheet.picture, 16));
  });
  const std::string device = wish.pty ? printer.open_pty() : "";
  const int port = wish.pty ? 0 : printer.listen(wish.port);
  if (device.empty() && port == 0) {
    std::fputs("struk-simulator: the port is taken, or there is no pty\n", stderr);
    return 1;
  }
  std::printf("listening on %s\n", wish.pty ? device.c_str() : ("127.0.0.1:" + std::to_string(port)).c_str());
  std::fflush(stdout);
  const timespec often{0, 100'000'000};
  while (::sigtimedwait(&ends, nullptr, &often) < 0) play(printer, wish.out);
  return 0;
}

}  // namespace
}  // namespace anjungan::simulator

int main(int argc, char** argv) { return anjungan::simulator::run(argc, argv); }
