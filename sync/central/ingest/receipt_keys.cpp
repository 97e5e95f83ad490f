// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/receipt_keys.h"

namespace anjungan::central {

using record::Result;

Result<ReceiptKeys> ReceiptKeys::load(Reader& store, const Device& device) {
  ReceiptKeys out;
  out.m_device = device.id.str();
  out.m_present = device.receipt_key;
  if (device.key_changes == 0) return out;
  auto former = store.former_keys(out.m_device);
  if (!former) return tl::unexpected(former.error());
  out.m_former = std::move(*former);
  return out;
}

void ReceiptKeys::named(const record::KeyId& key, std::uint64_t seq) {
  if (m_former.empty()) return;
  // A change of the device key alone leaves the same receipt key in several pairs: the last one counts.
  std::size_t place = 0;
  bool known = record::key_id(m_present) == key;
  if (known) {
    place = m_former.size();
  } else {
    for (std::size_t i = 0; i < m_former.size(); i++) {
      if (record::key_id(m_former[i].receipt_key) != key) continue;
      place = i;
      known = true;
    }
  }
  if (!known) return;
  for (std::size_t i = 0; i < place; i++) {
    FormerKeys& one = m_former[i];
    if (record::key_id(one.receipt_key) == key || (one.receipt_end != 0 && one.receipt_end <= seq)) continue;
    one.receipt_end = seq;
    m_ended.insert(i);
  }
}

Result<void> ReceiptKeys::write(Writer& store) {
  for (const std::size_t i : m_ended) {
    const FormerKeys& one = m_former[i];
    if (auto ended = store.end_receipt_key(m_device, one.serial, one.receipt_end); !ended) return ended;
  }
  m_ended.clear();
  return {};
}

std::optional<ReceiptKeys::Signer> ReceiptKeys::signer(const record::ReceiptToken& token) const {
  if (token.verify(m_present)) return Signer{};
  for (auto one = m_former.rbegin(); one != m_former.rend(); ++one) {
    if (token.verify(one->receipt_key)) return Signer{one->receipt_end};
  }
  return std::nullopt;
}

}  // namespace anjungan::central
