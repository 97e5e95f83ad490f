// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "sync/record/result.h"

namespace anjungan::ctl {

// What the shell sees; the list in --help is made from the same values.
enum class ExitCode : int {
  done = 0,
  failed = 1,       // it was tried and did not work
  usage = 2,        // the command line or the configuration is wrong
  not_found = 3,    // no such complaint, device or folder
  refused = 4,      // the centre or a signature said no
  unreachable = 5,  // nobody answered
  findings = 6,     // doctor or audit-verify found something
};

[[nodiscard]] ExitCode exit_code_of(record::ErrorKind kind);

// The kind of this name, as JSON answers carry it.
[[nodiscard]] std::optional<record::ErrorKind> kind_named(std::string_view name);

// Tells the person on standard error what went wrong, in the error's own words, and gives the code to end with.
ExitCode complain(const record::Error& error);

}  // namespace anjungan::ctl
