// SPDX-License-Identifier: Apache-2.0
// A child of this process that is killed right before one of its calls that touch the disk.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sync/agent/http_client.h"

namespace anjungan::test {

struct Fate {
  bool killed = false;              ///< before it came to its end
  std::vector<std::string> spoken;  ///< lines it has said before
};

/// What the child has of the world: a centre, and somebody who listens.
struct ChildWorld {
  agent::Transport& transport;
  std::function<void(const std::string& line)> say;
};

/// Forks, runs `life` in the child and answers its requests through `transport` here. The child is killed (SIGKILL)
/// right before its call number `at` (from 1) out of rename, unlink, fsync, fdatasync and those that write a file,
/// counted from its first word on.
[[nodiscard]] Fate run_until_killed(std::size_t at, agent::Transport& transport,
                                    const std::function<void(ChildWorld&)>& life);

}  // namespace anjungan::test
