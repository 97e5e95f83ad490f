// SPDX-License-Identifier: Apache-2.0
// struk: a CUPS backend for receipt printers. As CUPS calls it:
//   struk                                             lists devices
//   struk JOB USER TITLE COPIES OPTIONS [FILE]        prints; the device's URI is in DEVICE_URI
// and as a person or the kiosk does:
//   struk --probe URI                                 tells an idle printer's state
//   struk --watch FOLDER [URI...]                     keeps the state of idle printers in files (printer/status)
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "printer/backend/idle.h"
#include "printer/backend/job.h"
#include "printer/backend/probe.h"

namespace anjungan::backend {
namespace {

constexpr std::size_t k_most_bytes = 16UL << 20;

// The value of a field such as MDL: in an IEEE 1284 device id.
std::string field(const std::string& id, const std::string& key) {
  const std::size_t at = id.find(key);
  return at == std::string::npos ? std::string() : id.substr(at + key.size(), id.find(';', at) - at - key.size());
}

int list_devices() {
  std::puts("network struk \"Unknown\" \"Receipt printer (ESC/POS)\"");
  std::error_code ignored;
  for (const auto& one : std::filesystem::directory_iterator("/dev/usb", ignored)) {
    const std::string name = one.path().filename().string();
    if (name.rfind("lp", 0) != 0) continue;
    std::ifstream file("/sys/class/usbmisc/" + name + "/device/ieee1284_id");
    std::string id;
    std::getline(file, id);
    std::string model = field(id, "MFG:") + " " + field(id, "MDL:");
    for (char& c : model) {
      if (c < ' ' || c > '~' || c == '"') c = ' ';
    }
    std::printf("direct struk:%s \"%s\" \"Receipt printer on %s\"\n", one.path().c_str(), model.c_str(), name.c_str());
  }
  return 0;
}

std::string uuid_of(const std::string& options, const std::string& job, const std::string& title) {
  const std::size_t at = options.find("job-uuid=");
  if (at != std::string::npos) return options.substr(at + 9, options.find(' ', at) - at - 9);
  std::string out = job + "/" + title;
  for (char& c : out) {
    if (c <= ' ') c = '_';
  }
  return out;
}

bool read_all(int file, Bytes& out) {
  std::array<std::uint8_t, 65'536> part{};
  for (;;) {
    const ssize_t got = ::read(file, part.data(), part.size());
    if (got == 0) return true;
    if (got < 0 && errno == EINTR && !asked_to_end()) continue;
    if (got < 0 || out.size() + static_cast<std::size_t>(got) > k_most_bytes) return false;
    out.insert(out.end(), part.begin(), part.begin() + got);
  }
}

Exit print_job(char** argv, bool from_file) {
  const char* uri = std::getenv("DEVICE_URI");
  const auto address = parse_uri(uri == nullptr ? "" : uri);
  std::string error;
  if (!address) {
    say_error("the device URI must be struk:tcp://HOST:PORT, struk:/dev/usb/lpN or struk:tty:DEV?baud=N");
    return Exit::stop;
  }
  const auto model = profile::load_profile(address->profile, error);
  if (!model) {
    say_error(error);
    return Exit::stop;
  }
  Work work{*address, *model, uuid_of(argv[5], argv[1], argv[3]), {}};
  const int file = from_file ? ::open(argv[6], O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  const bool whole = file >= 0 && read_all(file, work.bytes);
  if (from_file && file >= 0) ::close(file);
  if (!whole) {
    say_error("the document cannot be read, or is larger than 16 MiB");
    return asked_to_end() ? Exit::failed : Exit::canceled;
  }
  return print(work);
}

constexpr const char* k_bad_uri =
    "struk: the URI must be struk:tcp://HOST:PORT, struk:/dev/usb/lpN or struk:tty:DEV?baud=N\n";

int watch(int argc, char** argv) {
  const std::vector<std::string> uris(argv + 3, argv + argc);
  for (const std::string& one : uris) {
    if (parse_uri(one)) continue;
    std::fputs(k_bad_uri, stderr);
    return 2;
  }
  if (!std::filesystem::is_directory(argv[2])) {
    std::fprintf(stderr, "struk: there is no folder %s\n", argv[2]);
    return 2;
  }
  return watch_idle(argv[2], uris);
}

int run(int argc, char** argv) {
  if (argc == 1) return list_devices();
  if (argc >= 3 && std::strcmp(argv[1], "--watch") == 0) return watch(argc, argv);
  if (argc == 3 && std::strcmp(argv[1], "--probe") == 0) {
    const auto address = parse_uri(argv[2]);
    if (!address) {
      std::fputs(k_bad_uri, stderr);
      return 2;
    }
    std::puts(probe(*address).c_str());
    return 0;
  }
  if (argc != 6 && argc != 7) {
    std::fputs(
        "usage: struk --probe URI\n       struk --watch FOLDER [URI...]\n"
        "       (CUPS calls it with: job user title copies options [file])\n",
        stderr);
    return 2;
  }
  catch_signals();
  return static_cast<int>(print_job(argv, argc == 7));
}

}  // namespace
}  // namespace anjungan::backend

int main(int argc, char** argv) { return anjungan::backend::run(argc, argv); }
