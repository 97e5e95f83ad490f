// SPDX-License-Identifier: Apache-2.0
// Time and chance of one simulated fleet: everything that happens follows from one seed, libsodium's random numbers and
// SQLite's included.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "sync/record/clock.h"

namespace anjungan::simulation {

class World {
 public:
  /// One world exists at a time: while it lives, libsodium and SQLite draw from it.
  explicit World(std::uint64_t seed);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  /// Evenly from [0, bound).
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  [[nodiscard]] bool chance(unsigned percent) { return below(100) < percent; }
  void fill(void* to, std::size_t size);

  [[nodiscard]] std::int64_t now_ms() const { return m_now_ms; }
  void pass(std::int64_t ms) { m_now_ms += ms; }

 private:
  std::mt19937_64 m_random;
  std::int64_t m_now_ms = 1'795'256'520'000;  // 2026-11-21
};

/// A machine's own clock: right until it jumps; its monotonic side starts with the boot.
class MachineClock final : public record::Clock {
 public:
  explicit MachineClock(World& world) : m_world(world) { boot(); }

  [[nodiscard]] std::int64_t unix_ms() const override { return m_world.now_ms() + m_error_ms; }
  [[nodiscard]] std::int64_t monotonic_ms() const override { return m_world.now_ms() - m_booted_ms; }
  [[nodiscard]] std::string boot_id() const override { return m_boot_id; }

  void boot();
  /// Its time minus the true time from now on.
  void be_wrong_by(std::int64_t ms) { m_error_ms = ms; }

 private:
  World& m_world;
  std::int64_t m_error_ms = 0;
  std::int64_t m_booted_ms = 0;
  std::string m_boot_id;
};

}  // namespace anjungan::simulation
