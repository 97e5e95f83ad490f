// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/stop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "sync/record/result.h"

namespace anjungan::agent {

Stop::Stop() : m_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { ANJUNGAN_CHECK(m_fd >= 0); }

Stop::~Stop() { ::close(m_fd); }

void Stop::request() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(m_fd, &one, sizeof one);
}

bool Stop::requested() const {
  pollfd look{m_fd, POLLIN, 0};
  return ::poll(&look, 1, 0) > 0;
}

}  // namespace anjungan::agent
