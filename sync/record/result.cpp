// SPDX-License-Identifier: Apache-2.0
#include "sync/record/result.h"

#include <cstdio>
#include <cstdlib>

namespace anjungan::record {

const char* kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::io:
      return "io";
    case ErrorKind::corrupt:
      return "corrupt";
    case ErrorKind::full:
      return "full";
    case ErrorKind::read_only:
      return "read_only";
    case ErrorKind::crypto:
      return "crypto";
    case ErrorKind::denied:
      return "denied";
    case ErrorKind::busy:
      return "busy";
    case ErrorKind::unavailable:
      return "unavailable";
  }
  return "unknown";
}

void broken(const char* what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, what);
  std::abort();
}

}  // namespace anjungan::record
