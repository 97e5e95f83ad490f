// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/printer/bench.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "printer/spool/cups_printer.h"
#include "printer/spool/virtual_printer.h"

namespace anjungan::spool {
namespace {

// A backend that says nothing of the paper. Without a reader of the gate's other end it waits there for ever.
constexpr const char* k_tray = R"sh(#!/bin/sh
[ $# -gt 0 ] || exit 0
tray=${DEVICE_URI#tray:}
[ ! -p "$tray.gate" ] || : <"$tray.gate"
cat "${6:--}" >>"$tray"
)sh";

}  // namespace

TestFolder::TestFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "anjungan-cups-XXXXXX").string();
  m_path = mkdtemp(pattern.data());
  ::chmod(m_path.c_str(), 0777);
}
TestFolder::~TestFolder() { std::filesystem::remove_all(m_path); }

std::string shell(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << command << ": cannot be started";
    return out;
  }
  std::array<char, 4096> part{};
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe)) out.append(part.data(), got);
  EXPECT_EQ(::pclose(pipe), 0) << command << "\n" << out;
  return out;
}

bool await(const std::function<bool()>& condition) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock guard(mutex);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    never.wait_for(guard, std::chrono::milliseconds(10));
  }
  return true;
}

Document receipt_titled(const std::string& title, int attempt, const receipt::Medium& medium) {
  receipt::Content content;
  content.number = "3273-0012-000427-5";
  content.qr = "https://lapor.example.go.id/t#x";
  return Document{title, receipt::layout(content, medium), attempt};
}

JobView end_of(Printer& printer, const std::string& handle) {
  JobView view;
  static_cast<void>(await([&] {
    view = printer.poll(handle);
    return view.state != JobState::sending && view.state != JobState::queued;
  }));
  return view;
}

PrivateCups::PrivateCups(const std::string& folder, bool plain_user) : m_folder(folder) {
  const bool other = plain_user && ::geteuid() == 0;
  if (other) m_as = "setpriv --reuid=nobody --regid=nogroup --clear-groups ";
  std::filesystem::create_directories(folder);
  // A copy: the source tree need not be open to that user.
  std::filesystem::copy_file(ANJUNGAN_TESTS "/../printer/queue/private_cups", folder + "/private_cups");
  std::ofstream(folder + "/tray") << k_tray;
  std::filesystem::copy_file(ANJUNGAN_BUILD "/bin/struk", folder + "/struk");
  if (other) shell("chown nobody " + folder);
  start();
}

PrivateCups::~PrivateCups() { stop(); }

void PrivateCups::start() {
  // A write that is refused for its size is an error of the write (limit_files()), not the scheduler's death.
  const std::string patient = "bash -c \"trap '' XFSZ; exec \\\"\\$@\\\"\" bash ";
  const std::string line =
      command(patient + path("private_cups") + " start " + path("c") + " " + path("tray") + " " + path("struk"));
  const std::size_t at = line.find("CUPS_SERVER=");
  ASSERT_NE(at, std::string::npos) << line;
  m_server = line.substr(at + 12, line.find('\n', at) - at - 12);
  use();
}

void PrivateCups::use() const { ::setenv("CUPS_SERVER", m_server.c_str(), 1); }

void PrivateCups::stop() {
  command(path("private_cups") + " stop " + path("c"));
  // What a killed scheduler has left at a gate goes on and ends.
  for (const auto& one : std::filesystem::directory_iterator(m_folder)) {
    if (one.path().extension() == ".gate") ::close(::open(one.path().c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  }
}

void PrivateCups::signal(int number) const { ASSERT_EQ(::kill(process(), number), 0); }

void PrivateCups::limit_files(rlim_t most_bytes) const {
  rlimit limit{};
  ASSERT_EQ(::prlimit(process(), RLIMIT_FSIZE, nullptr, &limit), 0);
  limit.rlim_cur = most_bytes;
  ASSERT_EQ(::prlimit(process(), RLIMIT_FSIZE, &limit, nullptr), 0);
}

pid_t PrivateCups::process() const {
  std::ifstream file(path("c/cupsd.pid"));
  pid_t out = 0;
  EXPECT_TRUE(file >> out);
  return out;
}

void PrivateCups::queue(const std::string& name) {
  // The backend's user is not the test's.
  std::ofstream(path(name)).close();
  ::chmod(path(name).c_str(), 0666);
  command("lpadmin -p " + name + " -E -v tray:" + path(name) + " -m raw");
}

void PrivateCups::queue_to(const std::string& name, const std::string& uri) {
  command("lpadmin -p " + name + " -E -v '" + uri + "' -m raw");
}

void PrivateCups::shut(const std::string& name) const {
  ASSERT_EQ(::mkfifo(path(name + ".gate").c_str(), 0666), 0);
  ::chmod(path(name + ".gate").c_str(), 0666);
}

std::string PrivateCups::printed(const std::string& name) const {
  std::ifstream file(path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

namespace {

class VirtualBench final : public PrinterBench {
 public:
  std::unique_ptr<Printer> open() override {
    auto printer = VirtualPrinter::open(m_folder.path("receipts"), receipt::k_roll_80);
    return printer ? std::move(*printer) : nullptr;
  }
  Condition block() override {
    std::ofstream(m_folder.path("receipts/state")) << "media-empty\n";
    return Condition::no_paper;
  }
  void unblock() override { std::filesystem::remove(m_folder.path("receipts/state")); }
  [[nodiscard]] JobState best() const override { return JobState::printed; }

 private:
  TestFolder m_folder;
};

class CupsBench final : public PrinterBench {
 public:
  explicit CupsBench(bool plain_user) : m_cups(m_folder.path("cups"), plain_user) { m_cups.queue("struk"); }
  std::unique_ptr<Printer> open() override { return std::make_unique<CupsPrinter>("struk", receipt::k_roll_80); }
  Condition block() override {
    m_cups.command("cupsdisable struk");
    return Condition::paused;
  }
  void unblock() override { m_cups.command("cupsenable struk"); }
  [[nodiscard]] JobState best() const override { return JobState::sent; }

 private:
  TestFolder m_folder;
  PrivateCups m_cups;
};

}  // namespace

std::unique_ptr<PrinterBench> virtual_bench() { return std::make_unique<VirtualBench>(); }
std::unique_ptr<PrinterBench> cups_bench(bool plain_user) { return std::make_unique<CupsBench>(plain_user); }

}  // namespace anjungan::spool
