// SPDX-License-Identifier: Apache-2.0
// A disk in memory for SQLite (a VFS) whose power can fail at any operation. What was not synced may be there
// afterwards, or not, or torn between two 512-byte sectors; a sync may fail and drop what it should have kept, while
// reading still shows it, as Linux does. A process alone may be killed, too: then everything that was written reads as
// written, and is still lost when the power fails before a sync. Everything follows from one seed.
//
// A model of a disk that keeps its promises: it says nothing about one that lies about syncing. One thread at a time;
// any number of connections, which see each other's locks and never wait.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "sync/record/bytes.h"

namespace anjungan::store {

class PowerLossDisk {
 public:
  /// What is on a disk, by name.
  using Image = std::map<std::string, record::Bytes>;

  /// Whoever opens a file; a number that the caller gives.
  using Process = int;

  /// While a disk lives, this is SQLite's default VFS. Several may live: a file lies on the disk whose folder its name
  /// begins with. The empty folder takes every name.
  PowerLossDisk(std::uint64_t seed, const Image& image, std::string folder = {});
  PowerLossDisk(const PowerLossDisk&) = delete;
  PowerLossDisk& operator=(const PowerLossDisk&) = delete;
  ~PowerLossDisk();

  /// The power fails at the given operation (write, sync, truncate, delete) from now on, counted from 1; 0: not any
  /// more.
  void fail_power_after(std::uint64_t operations) { m_left = operations; }
  /// Of a hundred syncs so many fail.
  void fail_syncs(unsigned percent) { m_failing_percent = percent; }
  [[nodiscard]] bool powered() const { return m_powered; }

  /// The power fails now, if it has not, and comes back: only what survived is there. No connection may be open.
  void restart();

  /// Files are opened by this process from now on; 0 at first.
  void run_as(Process process) { m_running = process; }
  /// The process dies at the given operation of its own from now on, counted from 1; 0: now. Its connections fail from
  /// then on and must be closed, then bury() lets it start again.
  void kill_after(Process process, std::uint64_t operations);
  [[nodiscard]] bool alive(Process process) const { return m_powered && !m_dead.contains(process); }
  void bury(Process process);
  /// Takes an announced death back.
  void spare(Process process) { m_days.erase(process); }

  /// All files together grow to so many bytes and no further; nothing: no limit.
  void set_room(std::optional<std::size_t> bytes) { m_room = bytes; }
  [[nodiscard]] std::size_t used() const;

  /// Puts these files in the place of all. No connection may be open.
  void replace(const Image& image);

  /// Everything that reads, synced or not.
  [[nodiscard]] Image image() const;

  // For the VFS.
  struct File {
    /// A write since the last sync, or a cut to `offset` when it has no bytes.
    struct Change {
      std::size_t offset;
      record::Bytes bytes;
    };
    record::Bytes content;  ///< as it reads
    record::Bytes kept;     ///< what is certain to survive
    std::vector<Change> unsynced;
    bool name_synced = false;
    std::vector<record::Bytes> shared_memory;
    int mapped = 0;  ///< connections that use it
    /// Of the database: how many read, and who alone may write or does. Then each lock of the shared memory.
    int readers = 0;
    const void* reserved = nullptr;
    const void* exclusive = nullptr;
    struct Slot {
      int sharing = 0;
      const void* owner = nullptr;
    };
    std::array<Slot, 8> slots;
  };
  [[nodiscard]] static PowerLossDisk* of(const std::string& name);
  File& file(const std::string& name) { return m_files[name]; }
  [[nodiscard]] bool exists(const std::string& name) const { return m_files.contains(name); }
  void remove(const std::string& name) { m_files.erase(name); }
  /// Counts an operation; false when the power fails at it or has failed, or the process's life ends.
  bool operate(Process process);
  [[nodiscard]] Process running() const { return m_running; }
  [[nodiscard]] bool fits(const File& file, std::size_t size) const;
  bool sync(File& file);

 private:
  void lose_some(File& file, unsigned percent_kept);

  std::mt19937_64 m_random;
  std::string m_folder;
  std::map<std::string, File> m_files;
  Process m_running = 0;
  std::set<Process> m_dead;
  std::map<Process, std::uint64_t> m_days;  ///< operations until a process dies
  std::optional<std::size_t> m_room;
  std::uint64_t m_left = 0;
  unsigned m_failing_percent = 0;
  bool m_powered = true;
};

}  // namespace anjungan::store
