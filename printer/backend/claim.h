// SPDX-License-Identifier: Apache-2.0
// A network printer belongs to one process of this machine at a time, whatever scheduler started it: schedulers have
// journals of their own, and there is no file that all of them share. (A USB or serial line is locked by its own file.)
#pragma once

#include <string>

namespace anjungan::backend {

/// A name that the kernel keeps while this object lives, and gives to nobody else (an abstract Unix socket): no file,
/// no rights, nothing left behind by a crash. It reaches as far as the network namespace.
class Claim {
 public:
  /// Of the printer of that name. Not held: `error` is EADDRINUSE when another process has it, else why the kernel
  /// gives none.
  [[nodiscard]] static Claim take(const std::string& device, int& error);
  Claim() = default;
  ~Claim();
  Claim(Claim&& other) noexcept;
  Claim& operator=(Claim&& other) noexcept;

  [[nodiscard]] bool held() const { return m_socket >= 0; }

 private:
  int m_socket = -1;
};

}  // namespace anjungan::backend
