// SPDX-License-Identifier: Apache-2.0
// How an idle printer is, asked under its lock: a job is never disturbed.
#pragma once

#include <string>

#include "printer/backend/answers.h"
#include "printer/backend/device.h"

namespace anjungan::backend {

enum class Reply {
  busy,  ///< somebody else has the device
  unreachable,
  silent,  ///< reached, and it says nothing
  answered,
};

struct Look {
  Reply reply = Reply::unreachable;
  Status status;        ///< only if it answered
  bool spoke = false;   ///< it has answered a job before: its silence means something
  std::string fault{};  ///< what the last job heard of it before it fell silent, as word_of(); empty: nothing
};

/// Within about a second; a host that is a name takes as long as the name to be looked up.
[[nodiscard]] Look look_at(const Address& address);

/// "cover-open", "media-empty", "error", "low-paper" or "ready".
[[nodiscard]] std::string word_of(const Status& status);

/// For a person: word_of(), "offline", "busy" or "unknown" (it is there and does not answer). Within about three
/// seconds: whoever only asks has the device for a moment.
[[nodiscard]] std::string probe(const Address& address);

}  // namespace anjungan::backend
