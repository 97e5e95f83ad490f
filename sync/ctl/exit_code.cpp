// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/exit_code.h"

#include <fmt/format.h>

#include <cstdio>

#include "sync/ctl/table.h"

namespace anjungan::ctl {

ExitCode exit_code_of(record::ErrorKind kind) {
  switch (kind) {
    case record::ErrorKind::invalid:
      return ExitCode::usage;
    case record::ErrorKind::not_found:
      return ExitCode::not_found;
    case record::ErrorKind::conflict:
    case record::ErrorKind::denied:
    case record::ErrorKind::crypto:
      return ExitCode::refused;
    case record::ErrorKind::busy:
    case record::ErrorKind::unavailable:
      return ExitCode::unreachable;
    case record::ErrorKind::io:
    case record::ErrorKind::corrupt:
    case record::ErrorKind::full:
    case record::ErrorKind::read_only:
      return ExitCode::failed;
  }
  return ExitCode::failed;
}

std::optional<record::ErrorKind> kind_named(std::string_view name) {
  using record::ErrorKind;
  for (const ErrorKind kind : {ErrorKind::invalid, ErrorKind::not_found, ErrorKind::conflict, ErrorKind::io,
                               ErrorKind::corrupt, ErrorKind::full, ErrorKind::read_only, ErrorKind::crypto,
                               ErrorKind::denied, ErrorKind::busy, ErrorKind::unavailable}) {
    if (name == record::kind_name(kind)) return kind;
  }
  return std::nullopt;
}

ExitCode complain(const record::Error& error) {
  fmt::print(stderr, "anjunganctl: {}\n", printable(error.text));
  return exit_code_of(error.kind);
}

}  // namespace anjungan::ctl
