// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/sync_store/power_loss_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace anjungan::store {
namespace {

constexpr std::size_t k_sector = 512;
constexpr const char* k_name = "power-loss";

std::vector<PowerLossDisk*> g_disks;

struct OpenFile {
  sqlite3_file base;
  std::string name;
  PowerLossDisk* disk;
  PowerLossDisk::Process process;
  int persist_wal;
  int level;  // of the database's own lock
  std::uint8_t sharing;
  std::uint8_t owning;
  bool mapped;
};

OpenFile& opened(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
PowerLossDisk::File& content_of(OpenFile& mine) { return mine.disk->file(mine.name); }
bool alive(const OpenFile& mine) { return mine.disk->alive(mine.process); }

void write_at(record::Bytes& bytes, std::size_t offset, record::ByteView piece) {
  if (bytes.size() < offset + piece.size()) bytes.resize(offset + piece.size());
  std::copy(piece.begin(), piece.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  OpenFile& mine = opened(file);
  if (!alive(mine)) return SQLITE_IOERR_READ;
  const record::Bytes& bytes = content_of(mine).content;
  const auto from = std::min(bytes.size(), static_cast<std::size_t>(offset));
  const auto count = std::min(bytes.size() - from, static_cast<std::size_t>(size));
  std::memset(to, 0, static_cast<std::size_t>(size));
  if (count > 0) std::memcpy(to, bytes.data() + from, count);
  return count == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  OpenFile& mine = opened(file);
  if (!alive(mine)) return SQLITE_IOERR_WRITE;
  PowerLossDisk::File& target = content_of(mine);
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  const record::ByteView piece(bytes, static_cast<std::size_t>(size));
  if (!mine.disk->fits(target, static_cast<std::size_t>(offset) + piece.size())) return SQLITE_FULL;
  write_at(target.content, static_cast<std::size_t>(offset), piece);
  target.unsynced.push_back({static_cast<std::size_t>(offset), record::Bytes(piece.begin(), piece.end())});
  return mine.disk->operate(mine.process) ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  OpenFile& mine = opened(file);
  if (!alive(mine)) return SQLITE_IOERR_TRUNCATE;
  PowerLossDisk::File& target = content_of(mine);
  if (target.content.size() > static_cast<std::size_t>(size)) target.content.resize(static_cast<std::size_t>(size));
  target.unsynced.push_back({static_cast<std::size_t>(size), {}});
  return mine.disk->operate(mine.process) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int sync(sqlite3_file* file, int) {
  OpenFile& mine = opened(file);
  return mine.disk->operate(mine.process) && mine.disk->sync(content_of(mine)) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int size_of(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(content_of(opened(file)).content.size());
  return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) {
  OpenFile& mine = opened(file);
  PowerLossDisk::File& shared = content_of(mine);
  if (level <= mine.level) return SQLITE_OK;
  const auto others = [&](const void* owner) { return owner != nullptr && owner != &mine; };
  if (others(shared.exclusive) || (level > SQLITE_LOCK_SHARED && others(shared.reserved))) return SQLITE_BUSY;
  if (mine.level == SQLITE_LOCK_NONE) shared.readers++;
  mine.level = SQLITE_LOCK_SHARED;
  if (level >= SQLITE_LOCK_RESERVED) shared.reserved = &mine;
  if (level == SQLITE_LOCK_EXCLUSIVE) {
    if (shared.readers > 1) return SQLITE_BUSY;
    shared.exclusive = &mine;
  }
  mine.level = level;
  return SQLITE_OK;
}

int unlock(sqlite3_file* file, int level) {
  OpenFile& mine = opened(file);
  PowerLossDisk::File& shared = content_of(mine);
  if (level >= mine.level) return SQLITE_OK;
  if (shared.reserved == &mine) shared.reserved = nullptr;
  if (shared.exclusive == &mine) shared.exclusive = nullptr;
  if (level == SQLITE_LOCK_NONE) shared.readers--;
  mine.level = level;
  return SQLITE_OK;
}

int is_reserved(sqlite3_file* file, int* out) {
  *out = content_of(opened(file)).reserved != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int control(sqlite3_file* file, int what, void* argument) {
  if (what != SQLITE_FCNTL_PERSIST_WAL) return SQLITE_NOTFOUND;
  int& wish = *static_cast<int*>(argument);
  if (wish >= 0) opened(file).persist_wal = wish;
  wish = opened(file).persist_wal;
  return SQLITE_OK;
}

int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  OpenFile& mine = opened(file);
  PowerLossDisk::File& shared = content_of(mine);
  if (!mine.mapped) shared.mapped++;
  mine.mapped = true;
  const auto at = static_cast<std::size_t>(region);
  *out = nullptr;
  if (at >= shared.shared_memory.size()) {
    if (extend == 0) return SQLITE_OK;
    shared.shared_memory.resize(at + 1);
  }
  if (shared.shared_memory[at].empty()) shared.shared_memory[at].resize(static_cast<std::size_t>(size));
  *out = shared.shared_memory[at].data();
  return SQLITE_OK;
}

/// A killed process lets go of its locks, so giving back always works.
int shm_lock(sqlite3_file* file, int first, int count, int flags) {
  OpenFile& mine = opened(file);
  auto& slots = content_of(mine).slots;
  const bool taking = (flags & SQLITE_SHM_LOCK) != 0;
  const bool alone = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  const auto bit = [](int slot) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(slot)); };
  for (int n = first; taking && n < first + count; n++) {
    const auto& slot = slots[static_cast<std::size_t>(n)];
    const int mine_too = (mine.sharing & bit(n)) != 0 ? 1 : 0;
    if ((slot.owner != nullptr && slot.owner != &mine) || (alone && slot.sharing > mine_too)) return SQLITE_BUSY;
  }
  for (int n = first; n < first + count; n++) {
    auto& slot = slots[static_cast<std::size_t>(n)];
    if (taking && alone) {
      slot.owner = &mine;
      mine.owning |= bit(n);
    } else if (taking && (mine.sharing & bit(n)) == 0) {
      slot.sharing++;
      mine.sharing |= bit(n);
    } else if (!taking) {
      if ((mine.sharing & bit(n)) != 0) slot.sharing--;
      if (slot.owner == &mine) slot.owner = nullptr;
      mine.sharing = static_cast<std::uint8_t>(mine.sharing & ~bit(n));
      mine.owning = static_cast<std::uint8_t>(mine.owning & ~bit(n));
    }
  }
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* file, int) {
  OpenFile& mine = opened(file);
  if (!mine.mapped) return SQLITE_OK;
  PowerLossDisk::File& shared = content_of(mine);
  shm_lock(file, 0, static_cast<int>(shared.slots.size()), SQLITE_SHM_UNLOCK);
  mine.mapped = false;
  // The next one to map it finds nothing and reads the log anew.
  if (--shared.mapped == 0) shared.shared_memory.clear();
  return SQLITE_OK;
}

int close(sqlite3_file* file) {
  shm_unmap(file, 0);
  unlock(file, SQLITE_LOCK_NONE);
  opened(file).name.~basic_string();
  return SQLITE_OK;
}

constexpr sqlite3_io_methods k_methods = {
    2,         close,       read,    write,       truncate,        sync,    size_of,  lock,
    unlock,    is_reserved, control, sector_size, characteristics, shm_map, shm_lock, shm_barrier,
    shm_unmap, nullptr,     nullptr};

sqlite3_vfs* unix_vfs() { return sqlite3_vfs_find("unix"); }

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  // What no restart reads is no part of the model.
  if (name == nullptr) return unix_vfs()->xOpen(unix_vfs(), name, file, flags, out_flags);
  file->pMethods = nullptr;
  const std::string called = name;
  PowerLossDisk* disk = PowerLossDisk::of(called);
  if (disk == nullptr || !disk->alive(disk->running())) return SQLITE_CANTOPEN;
  if ((flags & SQLITE_OPEN_CREATE) == 0 && !disk->exists(called)) {
    // The store makes the real file before SQLite opens it; here it is made when a writer comes.
    if ((flags & SQLITE_OPEN_READWRITE) == 0) return SQLITE_CANTOPEN;
  }
  auto* mine = new (file) OpenFile{};
  mine->name = called;
  mine->disk = disk;
  mine->process = disk->running();
  disk->file(called);
  mine->base.pMethods = &k_methods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* name, int) {
  PowerLossDisk* disk = PowerLossDisk::of(name);
  if (disk == nullptr || !disk->operate(disk->running())) return SQLITE_IOERR_DELETE;
  disk->remove(name);
  return SQLITE_OK;
}

int access(sqlite3_vfs*, const char* name, int, int* out) {
  const PowerLossDisk* disk = PowerLossDisk::of(name);
  *out = disk != nullptr && disk->exists(name) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

int randomness(sqlite3_vfs*, int size, char* out) { return unix_vfs()->xRandomness(unix_vfs(), size, out); }
int sleep(sqlite3_vfs*, int) { return 0; }
int current_time(sqlite3_vfs*, double* out) { return unix_vfs()->xCurrentTime(unix_vfs(), out); }
int last_error(sqlite3_vfs*, int, char*) { return 0; }

sqlite3_vfs g_vfs = {};

}  // namespace

PowerLossDisk* PowerLossDisk::of(const std::string& name) {
  const auto found = std::ranges::find_if(
      g_disks, [&](const PowerLossDisk* disk) { return name.compare(0, disk->m_folder.size(), disk->m_folder) == 0; });
  return found == g_disks.end() ? nullptr : *found;
}

PowerLossDisk::PowerLossDisk(std::uint64_t seed, const Image& image, std::string folder)
    : m_random(seed), m_folder(std::move(folder)) {
  replace(image);
  ANJUNGAN_CHECK(of(m_folder) == nullptr);
  g_disks.push_back(this);
  if (g_disks.size() > 1) return;
  g_vfs = {};
  g_vfs.iVersion = 1;
  g_vfs.szOsFile = std::max(static_cast<int>(sizeof(OpenFile)), unix_vfs()->szOsFile);
  g_vfs.mxPathname = 512;
  g_vfs.zName = k_name;
  g_vfs.xOpen = open;
  g_vfs.xDelete = store::remove;
  g_vfs.xAccess = access;
  g_vfs.xFullPathname = full_path;
  g_vfs.xRandomness = randomness;
  g_vfs.xSleep = store::sleep;
  g_vfs.xCurrentTime = current_time;
  g_vfs.xGetLastError = last_error;
  sqlite3_vfs_register(&g_vfs, 1);
}

PowerLossDisk::~PowerLossDisk() {
  std::erase(g_disks, this);
  if (!g_disks.empty()) return;
  sqlite3_vfs_unregister(&g_vfs);
  sqlite3_vfs_register(unix_vfs(), 1);
}

void PowerLossDisk::replace(const Image& image) {
  m_files.clear();
  for (const auto& [name, bytes] : image) {
    File& made = m_files[name];
    made.content = made.kept = bytes;
    made.name_synced = true;
  }
}

PowerLossDisk::Image PowerLossDisk::image() const {
  Image out;
  for (const auto& [name, file] : m_files) out[name] = file.content;
  return out;
}

bool PowerLossDisk::operate(Process process) {
  if (m_powered && m_left > 0) {
    m_left--;
    m_powered = m_left > 0;
  }
  const auto days = m_days.find(process);
  if (days != m_days.end() && --days->second == 0) kill_after(process, 0);
  return alive(process);
}

void PowerLossDisk::kill_after(Process process, std::uint64_t operations) {
  m_days.erase(process);
  if (operations > 0) {
    m_days[process] = operations;
  } else {
    m_dead.insert(process);
  }
}

void PowerLossDisk::bury(Process process) {
  m_days.erase(process);
  m_dead.erase(process);
}

std::size_t PowerLossDisk::used() const {
  std::size_t sum = 0;
  for (const auto& [name, file] : m_files) sum += file.content.size();
  return sum;
}

bool PowerLossDisk::fits(const File& file, std::size_t size) const {
  return !m_room || size <= file.content.size() || used() + size - file.content.size() <= *m_room;
}

bool PowerLossDisk::sync(File& file) {
  if (m_random() % 100 < m_failing_percent) {
    // The kernel has tried once and forgets: later syncs succeed without these bytes.
    lose_some(file, 50);
    return false;
  }
  lose_some(file, 100);
  file.name_synced = true;
  return true;
}

void PowerLossDisk::lose_some(File& file, unsigned percent_kept) {
  for (const File::Change& change : file.unsynced) {
    if (change.bytes.empty()) {
      if (m_random() % 100 < percent_kept && file.kept.size() > change.offset) file.kept.resize(change.offset);
      continue;
    }
    for (std::size_t at = 0; at < change.bytes.size();) {
      const std::size_t end = std::min(change.bytes.size(), at + k_sector - (change.offset + at) % k_sector);
      if (m_random() % 100 < percent_kept) {
        write_at(file.kept, change.offset + at, record::ByteView(change.bytes).subspan(at, end - at));
      }
      at = end;
    }
  }
  file.unsynced.clear();
}

void PowerLossDisk::restart() {
  constexpr unsigned k_kept[] = {0, 10, 50, 90, 100};
  for (auto at = m_files.begin(); at != m_files.end();) {
    File& file = at->second;
    lose_some(file, k_kept[m_random() % std::size(k_kept)]);
    if (!file.name_synced && m_random() % 2 == 0) {
      at = m_files.erase(at);
      continue;
    }
    file.content = file.kept;
    file.name_synced = true;
    file.shared_memory.clear();
    ++at;
  }
  m_dead.clear();
  m_days.clear();
  m_left = 0;
  m_powered = true;
}

}  // namespace anjungan::store
