// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace anjungan::app {
namespace {

void notify(std::string_view words) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr) return;
  const std::size_t length = std::strlen(path);
  sockaddr_un address{};
  if (length == 0 || length >= sizeof(address.sun_path)) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract name
  const int out = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (out < 0) return;
  // Nobody there is no error of ours.
  (void)sendto(out, words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
               reinterpret_cast<const sockaddr*>(&address),
               static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  close(out);
}

}  // namespace

void notify_ready() { notify("READY=1"); }
void notify_alive() { notify("WATCHDOG=1"); }
void notify_stopping() { notify("STOPPING=1"); }

}  // namespace anjungan::app
