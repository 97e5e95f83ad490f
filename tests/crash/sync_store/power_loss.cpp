// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/sync_store/power_loss.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <set>

#include "sync/store/intake_store.h"
#include "tests/crash/sync_store/power_loss_disk.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

/// While it lives, every new connection keeps synchronous=NORMAL whatever it is told.
class NormalForAll {
 public:
  NormalForAll() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(entry)); }
  NormalForAll(const NormalForAll&) = delete;
  NormalForAll& operator=(const NormalForAll&) = delete;
  ~NormalForAll() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(entry)); }

 private:
  static int deaf(void*, int action, const char* name, const char*, const char*, const char*) {
    return action == SQLITE_PRAGMA && std::string_view(name) == "synchronous" ? SQLITE_IGNORE : SQLITE_OK;
  }
  static int entry(sqlite3* connection, char**, const sqlite3_api_routines*) {
    sqlite3_exec(connection, "PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr);
    return sqlite3_set_authorizer(connection, deaf, nullptr);
  }
};

class Life {
 public:
  Life(TerminalFolder& folder, const PowerLossWish& wish, PowerLossTally& tally)
      : m_folder(folder), m_wish(wish), m_tally(tally) {
    PowerLossDisk disk(0, {});
    ANJUNGAN_CHECK(m_folder.open().has_value());
    m_made = disk.image();
  }

  void run(std::uint64_t seed) {
    m_seed = seed;
    m_acknowledged.clear();
    std::mt19937_64 random(seed);
    // One in eight is new: making the tables is cut, too.
    PowerLossDisk disk(random(), seed % 8 == 0 ? PowerLossDisk::Image{} : m_made);
    const auto cuts = 1 + random() % 2;
    for (std::uint64_t cut = 0; cut < cuts; cut++) {
      // A submit is eleven operations, closing checkpoints.
      disk.fail_power_after(1 + random() % (random() % 2 == 0 ? 60 : 150));
      disk.fail_syncs(m_wish.failing_syncs_percent);
      const bool sound = work(disk, 1 + random() % 8);
      m_tally.cuts++;
      disk.fail_syncs(0);
      disk.restart();
      std::filesystem::remove(m_folder.runtime() + "/intake.suspect");  // it lay in memory
      if (!sound) return;
    }
    work(disk, 0);
  }

 private:
  /// Opens, looks for what was acknowledged, files receipts and prints every third. False when the store has failed.
  bool work(const PowerLossDisk& disk, std::uint64_t receipts) {
    auto store = m_folder.open();
    if (!store) {
      if (!disk.powered() || (m_wish.failing_syncs_percent > 0 && receipts > 0)) return true;
      m_tally.corrupt++;
      remember(store.error().text);
      return false;
    }
    if ((*store)->salvage()) {
      m_tally.corrupt++;
      remember("the database was damaged and had to be rebuilt");
      return false;
    }
    if (!look(**store, disk)) return false;
    for (std::uint64_t n = 0; n < receipts; n++) {
      auto issued = (*store)->submit(m_folder.submission(m_complaint));
      if (!issued) {
        m_tally.refused += disk.powered() ? 1U : 0U;
        return true;
      }
      m_acknowledged.insert(issued->number.running);
      m_tally.acknowledged++;
      if (n % 3 != 0) continue;
      auto job = (*store)->job(issued->job);
      if (!job || !*job) return true;
      (*job)->state = PrintState::printed;
      if (!(*store)->update_job(**job)) return true;
    }
    return true;
  }

  /// Opening has checked the database, every hash and the chain.
  bool look(IntakeStore& store, const PowerLossDisk& disk) {
    const auto receipts = store.receipts();
    if (!receipts) {
      if (!disk.powered()) return true;
      m_tally.corrupt++;
      remember(receipts.error().text);
      return false;
    }
    std::set<std::uint32_t> there;
    for (const ReceiptRow& row : *receipts) {
      if (!there.insert(row.number.running).second) m_tally.doubled++;
    }
    if (!there.empty() && *there.rbegin() != there.size()) m_tally.doubled++;
    bool all = true;
    for (const std::uint32_t running : m_acknowledged) {
      if (there.contains(running)) continue;
      m_tally.lost++;
      remember(fmt::format("receipt {} of {} is gone", running, m_acknowledged.size()));
      all = false;
    }
    return all;  // the number of what was lost may be given once more
  }

  void remember(const std::string& text) {
    if (m_tally.first_failure.empty()) m_tally.first_failure = fmt::format("seed {}: {}", m_seed, text);
  }

  TerminalFolder& m_folder;
  const PowerLossWish& m_wish;
  PowerLossTally& m_tally;
  PowerLossDisk::Image m_made;  ///< of a store without an event
  std::uint64_t m_seed = 0;
  std::set<std::uint32_t> m_acknowledged;
  record::Complaint m_complaint = TerminalFolder::complaint();
};

/// The lock, and the note of a failed write, are real files: in memory they cost no disk its time.
std::filesystem::path memory() {
  std::error_code absent;
  const std::filesystem::path shared = "/dev/shm";
  return std::filesystem::is_directory(shared, absent) ? shared : std::filesystem::temp_directory_path();
}

}  // namespace

PowerLossTally lose_power(const PowerLossWish& wish) {
  TerminalFolder folder(memory());
  folder.identity.seal_to.resize(1);
  PowerLossTally tally;
  std::optional<NormalForAll> normal;
  if (wish.normal) normal.emplace();
  Life life(folder, wish, tally);
  for (std::uint64_t seed = wish.first_seed; seed < wish.first_seed + wish.seeds; seed++) life.run(seed);
  return tally;
}

}  // namespace anjungan::store
