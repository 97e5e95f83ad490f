// SPDX-License-Identifier: Apache-2.0
// The one error idiom of the sync side and the kiosk: a value or an error with a kind and a text.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace anjungan::record {

/// What went wrong, in the few kinds that callers act on differently. Screens choose their words by kind.
enum class ErrorKind {
  invalid,      ///< a value from outside is not acceptable; the text names field and remedy
  not_found,    ///< what was asked for does not exist
  conflict,     ///< another writer or another content holds the place
  io,           ///< the disk or the network failed
  corrupt,      ///< stored bytes are not what was written
  full,         ///< no space left
  read_only,    ///< the place cannot be written
  crypto,       ///< a signature, seal or key is wrong
  denied,       ///< not allowed
  busy,         ///< try again later
  unavailable,  ///< the other side cannot be reached
};

/// The kind's stable name, as it stands in JSON and logs.
[[nodiscard]] const char* kind_name(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string text;  ///< English, for staff and logs; never holds personal data
};

template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand for returning an error.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string text) {
  return tl::unexpected<Error>(Error{kind, std::move(text)});
}

/// Trips on a bug of ours: prints what and where, then aborts; the service manager restarts and state returns from
/// disk.
[[noreturn]] void broken(const char* what, const char* file, int line);

}  // namespace anjungan::record

#define ANJUNGAN_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::anjungan::record::broken(#condition, __FILE__, __LINE__))
