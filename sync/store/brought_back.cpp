// SPDX-License-Identifier: Apache-2.0
#include "sync/store/brought_back.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace anjungan::store {

bool brought_back() {
  // systemd.exec(5): only the process that it started itself finds its own number there.
  const char* started = std::getenv("SYSTEMD_EXEC_PID");
  return started != nullptr && std::to_string(::getpid()) == started;
}

}  // namespace anjungan::store
