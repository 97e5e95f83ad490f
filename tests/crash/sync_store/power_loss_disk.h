// SPDX-License-Identifier: Apache-2.0
// A disk in memory for SQLite (a VFS) whose power can fail at any operation. What was not synced may be there
// afterwards, or not, or torn between two 512-byte sectors; a sync may fail and drop what it should have kept, while
// reading still shows it, as Linux does. Everything follows from one seed.
//
// A model of a disk that keeps its promises: it says nothing about one that lies about syncing. One thread, one
// connection a file at a time.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "sync/record/bytes.h"

namespace anjungan::store {

class PowerLossDisk {
 public:
  /// What is on a disk, by name.
  using Image = std::map<std::string, record::Bytes>;

  /// One disk exists at a time: it becomes SQLite's default VFS while it lives.
  PowerLossDisk(std::uint64_t seed, const Image& image);
  PowerLossDisk(const PowerLossDisk&) = delete;
  PowerLossDisk& operator=(const PowerLossDisk&) = delete;
  ~PowerLossDisk();

  /// The power fails at the given operation (write, sync, truncate, delete) from now on, counted from 1.
  void fail_power_after(std::uint64_t operations) { m_left = operations; }
  /// Of a hundred syncs so many fail.
  void fail_syncs(unsigned percent) { m_failing_percent = percent; }
  [[nodiscard]] bool powered() const { return m_powered; }

  /// The power fails now, if it has not, and comes back: only what survived is there. No connection may be open.
  void restart();

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
  };
  File& file(const std::string& name) { return m_files[name]; }
  [[nodiscard]] bool exists(const std::string& name) const { return m_files.contains(name); }
  void remove(const std::string& name) { m_files.erase(name); }
  /// Counts an operation; false when the power fails at it or has failed.
  bool operate();
  bool sync(File& file);

 private:
  void lose_some(File& file, unsigned percent_kept);

  std::mt19937_64 m_random;
  std::map<std::string, File> m_files;
  std::uint64_t m_left = 0;
  unsigned m_failing_percent = 0;
  bool m_powered = true;
};

}  // namespace anjungan::store
