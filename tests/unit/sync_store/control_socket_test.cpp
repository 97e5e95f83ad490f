// SPDX-License-Identifier: Apache-2.0
#include "sync/store/control_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <thread>

#include "sync/store/files.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

class ControlSocketTest : public testing::Test {
 protected:
  ControlSocketTest() : path(app_control(terminal.runtime())) {
    auto made = ControlSocket::listen(path);
    EXPECT_TRUE(made) << made.error().text;
    socket.emplace(std::move(*made));
    holder = std::thread([this] {
      while (!ending) {
        pollfd one{socket->fd(), POLLIN, 0};
        ::poll(&one, 1, 20);
        socket->serve_files([this](std::string_view order, int file) {
          served++;
          std::array<char, 64> brought{};
          const ssize_t got = file < 0 ? 0 : ::pread(file, brought.data(), brought.size(), 0);
          return "heard " + std::string(order) +
                 std::string(brought.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        });
      }
    });
  }
  ~ControlSocketTest() override {
    ending = true;
    holder.join();
  }
  [[nodiscard]] int connect() const {
    const int file = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    EXPECT_EQ(::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return file;
  }

  TerminalFolder terminal;
  std::string path;
  std::optional<ControlSocket> socket;
  std::atomic<bool> ending = false;
  std::atomic<int> served = 0;
  std::thread holder;
};

TEST_F(ControlSocketTest, AnOrderIsAnswered) {
  for (int n = 0; n < 30; n++) EXPECT_EQ(send_order(path, "order", 5'000).value_or("nothing"), "heard order");
  struct stat found{};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(ControlSocketTest, AnOrderMayBringAFileThatTheHolderCouldNotOpen) {
  const std::string name = terminal.root + "/brought";
  ASSERT_TRUE(write_file(name, record::view_of(std::string_view(", with a file")), 0600));
  const int file = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(file, 0);
  for (int n = 0; n < 300; n++) {
    EXPECT_EQ(send_order(path, "order", 5'000, file).value_or("nothing"), "heard order, with a file");
  }
  ::close(file);
  EXPECT_EQ(send_order(path, "order", 5'000).value_or("nothing"), "heard order");
  long open_files = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) open_files++;
  EXPECT_LT(open_files, 200) << "each file is closed again";
}

TEST_F(ControlSocketTest, NobodyIsHeldUpByOneWhoSaysNothing) {
  const int silent = connect();
  const int hasty = connect();
  ::close(hasty);
  EXPECT_TRUE(send_order(path, "order", 5'000));
  ::close(silent);
}

TEST_F(ControlSocketTest, ALongOrderIsNotHeard) {
  EXPECT_EQ(send_order(path, std::string(k_most_order_bytes + 1, 'x'), 5'000).error().kind, record::ErrorKind::invalid);
  const int file = connect();
  const std::string much(k_most_order_bytes + 1, 'x');
  ASSERT_EQ(::send(file, much.data(), much.size(), 0), static_cast<ssize_t>(much.size()));
  char byte = 0;
  EXPECT_EQ(::recv(file, &byte, 1, 0), 0) << "hung up";
  ::close(file);
  EXPECT_EQ(served, 0);
  EXPECT_TRUE(send_order(path, std::string(k_most_order_bytes, 'x'), 5'000));
}

TEST_F(ControlSocketTest, AnotherUserIsNotHeard) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  ::chmod(path.c_str(), 0666);  // even where the folder and the socket let him in
  ::chmod(terminal.root.c_str(), 0755);
  ::chmod(terminal.runtime().c_str(), 0755);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setuid(65'534) != 0) ::_exit(9);
    const auto answer = send_order(path, "order", 5'000);
    ::_exit(!answer && answer.error().kind == record::ErrorKind::denied ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(served, 0);
}

TEST(ControlSocket, ADeadHoldersSocketIsReplacedAndNobodyIsNoError) {
  TerminalFolder terminal;
  const std::string path = app_control(terminal.runtime());
  EXPECT_EQ(send_order(path, "order", 100).error().kind, record::ErrorKind::not_found);
  {
    auto first = ControlSocket::listen(path);
    ASSERT_TRUE(first);
    ASSERT_EQ(::link(path.c_str(), (path + ".left").c_str()), 0);
  }
  ASSERT_EQ(::rename((path + ".left").c_str(), path.c_str()), 0);  // as a killed process leaves it
  EXPECT_EQ(send_order(path, "order", 100).error().kind, record::ErrorKind::not_found);
  EXPECT_TRUE(ControlSocket::listen(path));
  EXPECT_FALSE(ControlSocket::listen(terminal.root + std::string(120, 'x')));
}

}  // namespace
}  // namespace anjungan::store
