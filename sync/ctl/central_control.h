// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync/record/result.h"

namespace anjungan::ctl {

// The verbs of `anjunganctl central` talk HTTP to DATA/control.sock of a running anjungan-central, which knows its
// caller by the socket's peer credentials: whoever may open the socket may do these things.
struct CentralTarget {
  std::string data_folder;
  bool json = false;
};

struct ControlBody {
  std::string_view content_type;
  std::string_view bytes;
};

// Asks the running centre (POST with a body, else GET) and gives its JSON. What it refuses is an error in its own words
// with its own kind; `unavailable` when it does not run or does not answer.
[[nodiscard]] record::Result<std::string> ask_centre(const CentralTarget& target, const std::string& path,
                                                     const std::optional<ControlBody>& body);

}  // namespace anjungan::ctl
