// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/blob_room.h"

#include <algorithm>

namespace anjungan::central {
namespace {

constexpr auto k_counted_anew = std::chrono::minutes(1);

}  // namespace

record::Result<void> BlobRoom::look(const wire::DeviceId& device, const Count& count) {
  {
    const std::lock_guard guard(m_mutex);
    const auto known = m_use.find(device);
    if (known != m_use.end() && m_now() - known->second.counted < k_counted_anew) return {};
  }
  const auto bytes = count();
  if (!bytes) return tl::unexpected(bytes.error());
  const std::lock_guard guard(m_mutex);
  m_use[device] = {*bytes, m_now()};
  return {};
}

record::Result<bool> BlobRoom::has(const wire::DeviceId& device, std::uint64_t size, std::uint64_t quota,
                                   const Count& count) {
  if (auto looked = look(device, count); !looked) return tl::unexpected(looked.error());
  const std::lock_guard guard(m_mutex);
  return m_use[device].bytes + size <= quota;
}

record::Result<bool> BlobRoom::take(const wire::DeviceId& device, std::uint64_t size, std::uint64_t quota,
                                    const Count& count) {
  if (auto looked = look(device, count); !looked) return tl::unexpected(looked.error());
  const std::lock_guard guard(m_mutex);
  Use& use = m_use[device];
  if (use.bytes + size > quota) return false;
  use.bytes += size;
  return true;
}

void BlobRoom::give_back(const wire::DeviceId& device, std::uint64_t size) {
  const std::lock_guard guard(m_mutex);
  Use& use = m_use[device];
  use.bytes -= std::min(use.bytes, size);
}

}  // namespace anjungan::central
