// SPDX-License-Identifier: Apache-2.0
// The key of print payloads. It lives in a folder in memory (tmpfs) and is made at the first use after each boot: what
// an unprinted receipt holds cannot be read from a stolen disk. Lost with the power on purpose; see
// IntakeStore::reissue.
#pragma once

#include <array>
#include <string>

#include "sync/record/bytes.h"

namespace anjungan::store {

class RuntimeKey {
 public:
  /// Reads `<folder>/print.key` (0600) or makes it.
  [[nodiscard]] static record::Result<RuntimeKey> load_or_make(const std::string& folder);

  RuntimeKey(RuntimeKey&& other) noexcept;
  RuntimeKey& operator=(RuntimeKey&&) = delete;
  RuntimeKey(const RuntimeKey&) = delete;
  RuntimeKey& operator=(const RuntimeKey&) = delete;
  ~RuntimeKey();

  /// nonce (24) and XChaCha20-Poly1305 of `plain`, tied to `context`.
  [[nodiscard]] record::Bytes encrypt(record::ByteView plain, std::string_view context) const;
  /// Fails with `crypto` when it was made under another boot's key or for another context.
  [[nodiscard]] record::Result<record::Bytes> decrypt(record::ByteView sealed, std::string_view context) const;

 private:
  RuntimeKey() = default;
  std::array<std::uint8_t, 32> m_key{};
};

}  // namespace anjungan::store
