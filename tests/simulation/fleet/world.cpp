// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/fleet/world.h"

#include <fmt/format.h>
#include <sodium.h>
#include <sqlite3.h>

#include <cstring>

namespace anjungan::simulation {
namespace {

World* g_world = nullptr;

const char* name() { return "seeded"; }
void buffer(void* const to, const std::size_t size) { g_world->fill(to, size); }
std::uint32_t number() {
  std::uint32_t out = 0;
  g_world->fill(&out, sizeof(out));
  return out;
}

randombytes_implementation g_seeded = {name, number, nullptr, nullptr, buffer, nullptr};

}  // namespace

World::World(std::uint64_t seed) : m_random(seed) {
  ANJUNGAN_CHECK(g_world == nullptr);
  g_world = this;
  randombytes_set_implementation(&g_seeded);
  sqlite3_randomness(0, nullptr);  // the next one to draw seeds it from the simulated disk
}

World::~World() {
  randombytes_set_implementation(&randombytes_sysrandom_implementation);
  g_world = nullptr;
}

std::uint64_t World::below(std::uint64_t bound) { return m_random() % bound; }

void World::fill(void* to, std::size_t size) {
  auto* bytes = static_cast<unsigned char*>(to);
  while (size > 0) {
    const std::uint64_t piece = m_random();
    const std::size_t count = std::min(size, sizeof(piece));
    std::memcpy(bytes, &piece, count);
    bytes += count;
    size -= count;
  }
}

void MachineClock::boot() {
  m_booted_ms = m_world.now_ms() - 20'000;
  m_boot_id = fmt::format("{:08x}-0000-4000-8000-{:012x}", m_world.below(1ULL << 32U), m_world.below(1ULL << 48U));
}

}  // namespace anjungan::simulation
