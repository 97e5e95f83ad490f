// SPDX-License-Identifier: Apache-2.0
// The receipt keys of one terminal, present and former, and where its own chain has ended each (PROTOCOL.md,
// "Rotation").
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "sync/central/store/store.h"
#include "sync/record/receipt_token.h"

namespace anjungan::central {

class ReceiptKeys {
 public:
  /// Asks the store only where the terminal has ever changed its keys.
  [[nodiscard]] static record::Result<ReceiptKeys> load(Reader& store, const Device& device);

  /// A stored event that issues a receipt names this key: every key before it has ended there at the latest.
  void named(const record::KeyId& key, std::uint64_t seq);
  /// Writes the ends that named() has found.
  [[nodiscard]] record::Result<void> write(Writer& store);

  struct Signer {
    std::uint64_t end = 0;  ///< 0: nothing has ended this key
    /// A receipt of that seq whose event is not here is none of the terminal's.
    [[nodiscard]] bool ended_by(std::uint64_t seq) const { return end != 0 && seq >= end; }
  };
  /// Nullopt when no key of the terminal signed it.
  [[nodiscard]] std::optional<Signer> signer(const record::ReceiptToken& token) const;

 private:
  std::string m_device;
  std::vector<FormerKeys> m_former;
  record::PublicKey m_present{};
  std::set<std::size_t> m_ended;  ///< of m_former, to be written
};

}  // namespace anjungan::central
