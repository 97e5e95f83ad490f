// SPDX-License-Identifier: Apache-2.0
// IntakeStore: the receipt key changes while the kiosk runs (next_keys.h).
#include <sys/stat.h>

#include "sync/store/intake_store.h"
#include "sync/store/next_keys.h"

namespace anjungan::store {

using record::Result;

bool IntakeStore::take_up_key() {
  struct stat found{};
  if (::stat((m_folder + "/keys/identity.json").c_str(), &found) != 0) return false;
  // The file is replaced as a whole, so another content is another file.
  const IdentityMark mark{found.st_ino, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
  if (mark == m_identity_mark) return false;
  const auto identity = load_identity(m_folder);
  if (!identity || identity->region != m_identity.region || identity->terminal != m_identity.terminal) return false;
  const bool changed = identity->receipt_key != m_receipt_key.public_key();
  if (changed) {
    // Should the key not be readable, the one before still makes receipts that the centre knows.
    auto key = load_key(m_folder, KeyUse::receipt);
    if (!key || key->public_key() != identity->receipt_key) return false;
    m_receipt_key = *std::move(key);
  }
  if (settle_receipt_key(m_folder, *identity)) m_identity_mark = mark;
  return changed;
}

Result<bool> IntakeStore::offer_next_key() {
  if (m_identity.terminal == 0) return false;
  const auto identity = load_identity(m_folder);
  if (!identity && identity.error().kind == record::ErrorKind::not_found) return false;
  if (!identity) return tl::unexpected(identity.error());
  return offer_receipt_key(m_folder, *identity);
}

}  // namespace anjungan::store
