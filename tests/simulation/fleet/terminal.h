// SPDX-License-Identifier: Apache-2.0
// One hall's terminal: the real store and the real uplink as two processes on one simulated disk.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/agent/backoff.h"
#include "sync/agent/uplink.h"
#include "sync/store/intake_store.h"
#include "tests/crash/sync_store/power_loss_disk.h"
#include "tests/simulation/fleet/world.h"

namespace anjungan::simulation {

/// A number that a citizen was given: the store had said that it counts.
struct Given {
  std::uint64_t seq = 0;  ///< of the complaint; 0 when only its reissue was told
  std::string code;       ///< of its latest receipt; empty when nobody knows which that is
};

class SimulatedTerminal {
 public:
  /// `folder` lies in memory, holds keys and identity and gives the databases their names. `transport` is its network.
  SimulatedTerminal(World& world, std::string folder, const store::PowerLossDisk::Image& image,
                    agent::Transport& transport);

  // What people and programs do. Each starts the program it needs; what fails, fails as in a hall: somebody tries
  // again.
  void file_complaint();
  /// A queued receipt comes out, or nobody can say so, or it is issued anew.
  void print();
  void note_assistance();
  /// Night: forgets what the centre has long had.
  void purge();
  /// Exchanges until there is nothing to do at once, or `most` times. The wait that follows is passed by the caller.
  agent::Exchange sync(std::size_t most);
  /// Files for a courier: what the centre has not confirmed, a few events each.
  [[nodiscard]] std::vector<record::Bytes> write_stick();
  /// A courier brings an answer of the centre back, or what is left of it.
  void read_stick(record::ByteView answer);
  [[nodiscard]] std::int64_t next_sync_ms() const { return m_next_sync_ms; }

  // What befalls it.
  void kill_app();
  void kill_agent();
  void app_dies_after(std::uint64_t operations) { m_disk.kill_after(k_app, operations); }
  void agent_dies_after(std::uint64_t operations) { m_disk.kill_after(k_agent, operations); }
  void power_fails_after(std::uint64_t operations) { m_disk.fail_power_after(operations); }
  /// Takes back what was announced.
  void spare();
  void lose_power();
  void fill_disk() { m_disk.set_room(m_disk.used() + 512); }
  void empty_disk() { m_disk.set_room(std::nullopt); }
  /// Buries what has died.
  void tidy();

  [[nodiscard]] MachineClock& clock() { return m_clock; }
  [[nodiscard]] const store::Identity& identity() const { return m_identity; }
  [[nodiscard]] const std::string& folder() const { return m_folder; }
  /// As it reads now, in the names of another folder.
  [[nodiscard]] store::PowerLossDisk::Image copy_for(const std::string& folder) const;

  [[nodiscard]] const std::map<std::uint32_t, Given>& given() const { return m_given; }
  /// How many answers of a courier told it something.
  [[nodiscard]] std::uint64_t carried() const { return m_carried; }
  /// How many events it has forgotten.
  [[nodiscard]] std::uint64_t purged() const { return m_purged; }
  /// Every event on the disk; hashes alone where the bytes were purged.
  [[nodiscard]] record::Result<std::vector<store::StoredEvent>> events();
  /// What must never happen, first of all; empty when nothing has.
  [[nodiscard]] const std::string& violation() const { return m_violation; }
  /// The uplink said that this disk and the centre disagree.
  [[nodiscard]] bool disagreed() const { return m_disagreed; }

 private:
  static constexpr store::PowerLossDisk::Process k_app = 1;
  static constexpr store::PowerLossDisk::Process k_agent = 2;
  static constexpr store::PowerLossDisk::Process k_stick = 4;

  bool open_app();
  bool open_agent();
  void violate(const std::string& what);
  void remember(const store::Issued& issued);

  World& m_world;
  std::string m_folder;
  agent::Transport& m_transport;
  MachineClock m_clock;
  store::PowerLossDisk m_disk;
  store::Identity m_identity;
  std::unique_ptr<store::IntakeStore> m_app;
  std::optional<agent::Uplink> m_agent;
  agent::Backoff m_backoff;
  std::int64_t m_next_sync_ms = 0;
  std::map<std::uint32_t, Given> m_given;
  std::uint64_t m_purged = 0;
  std::uint64_t m_carried = 0;
  std::string m_violation;
  bool m_disagreed = false;
};

}  // namespace anjungan::simulation
