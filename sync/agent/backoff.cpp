// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/backoff.h"

#include <algorithm>
#include <random>
#include <utility>

namespace anjungan::agent {
namespace {

std::uint64_t system_draw(std::uint64_t bound) {
  static thread_local std::random_device source;
  return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(source);
}

}  // namespace

Backoff::Backoff(Milliseconds base, Milliseconds cap, Draw draw)
    : m_base(std::max(base, Milliseconds{1})),
      m_cap(std::max(cap, m_base)),
      m_draw(draw ? std::move(draw) : Draw(system_draw)) {}

Backoff::Milliseconds Backoff::after_failure(Milliseconds asked) {
  Milliseconds ceiling = m_base;
  for (unsigned i = 0; i < m_failures && ceiling < m_cap; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, m_cap);
  ++m_failures;
  const std::uint64_t jitter = m_draw(static_cast<std::uint64_t>(ceiling.count()) + 1);
  return std::clamp(asked, Milliseconds{0}, m_cap) + Milliseconds(static_cast<Milliseconds::rep>(jitter));
}

}  // namespace anjungan::agent
