// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sync/ctl/exit_code.h"

namespace anjungan::ctl {

struct VerifyWish {
  std::string text;               // a receipt's whole URL or its token; "-" reads a line from standard input
  std::string data_folder;        // of this terminal, for its own key; may be empty
  std::vector<std::string> keys;  // receipt keys of terminals, 64 hexadecimal digits each
  bool json = false;
};

// `anjunganctl verify`: what a receipt says and whether one of the known terminals signed it. Needs no network. Ends
// with `done` for a genuine receipt, `refused` for one that no known key signed.
ExitCode verify_receipt(const VerifyWish& wish);

}  // namespace anjungan::ctl
