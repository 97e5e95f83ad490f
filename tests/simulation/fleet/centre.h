// SPDX-License-Identifier: Apache-2.0
// The centre as its terminals meet it: two instances of the real ingest on one real SQLite store, whose disk, power and
// administrator can fail.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sync/central/ingest/centre.h"
#include "tests/crash/sync_store/power_loss_disk.h"
#include "tests/simulation/fleet/world.h"

namespace anjungan::simulation {

class SimulatedCentre {
 public:
  /// `folder` lies in memory, holds the keys and gives the database its name; `image` is what is on the disk.
  SimulatedCentre(World& world, std::string folder, const catalogue::Catalogue& catalogue,
                  const store::PowerLossDisk::Image& image);

  /// Runs, or says why not. Starting while it runs does nothing.
  [[nodiscard]] record::Result<void> start();
  void stop();
  [[nodiscard]] bool runs() const { return !m_instances.empty(); }
  /// Nobody has killed it.
  [[nodiscard]] bool lives() const { return m_disk.alive(k_process); }

  /// One of the instances, by chance, takes a message; status 0: nobody answers.
  [[nodiscard]] central::Reply take(std::string_view path, record::Bytes message);

  /// One of the instances takes what a courier brings; its answer.
  [[nodiscard]] record::Result<record::Bytes> take_carried(record::Bytes message);

  [[nodiscard]] central::Centre& instance() { return *m_instances.front(); }
  [[nodiscard]] central::Store& store() { return *m_store; }
  [[nodiscard]] MachineClock& clock() { return m_clock; }
  [[nodiscard]] store::PowerLossDisk& disk() { return m_disk; }

  // What befalls it.
  void die_after(std::uint64_t operations) { m_disk.kill_after(k_process, operations); }
  void lose_power_after(std::uint64_t operations) { m_disk.fail_power_after(operations); }
  void spare() {
    m_disk.fail_power_after(0);
    m_disk.spare(k_process);
  }
  void kill();
  void lose_power();
  /// A disk with so little room that nothing more can be written; and one with enough.
  void fill_disk() { m_disk.set_room(m_disk.used()); }
  void empty_disk() { m_disk.set_room(std::nullopt); }
  /// As `anjunganctl central backup` does it. One backup is kept.
  void back_up();
  /// As somebody does it who copies the disk of the machine.
  void copy_disk();
  /// Puts the kept copy in the store's place and starts; false when there is none or it is older than terminals keep
  /// their events.
  bool restore();

  [[nodiscard]] std::string database() const { return m_folder + "/central.db"; }

 private:
  static constexpr store::PowerLossDisk::Process k_process = 3;

  World& m_world;
  std::string m_folder;
  const catalogue::Catalogue& m_catalogue;
  MachineClock m_clock;
  store::PowerLossDisk m_disk;
  std::shared_ptr<central::Store> m_store;
  std::vector<std::unique_ptr<central::Centre>> m_instances;
  store::PowerLossDisk::Image m_copy;
  std::int64_t m_copied_ms = 0;
};

}  // namespace anjungan::simulation
