// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/sync_store/power_loss_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace anjungan::store {
namespace {

constexpr std::size_t k_sector = 512;
constexpr const char* k_name = "power-loss";

PowerLossDisk* g_disk = nullptr;

struct OpenFile {
  sqlite3_file base;
  std::string name;
  int persist_wal;
};

OpenFile& opened(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
PowerLossDisk::File& content_of(sqlite3_file* file) { return g_disk->file(opened(file).name); }

void write_at(record::Bytes& bytes, std::size_t offset, record::ByteView piece) {
  if (bytes.size() < offset + piece.size()) bytes.resize(offset + piece.size());
  std::copy(piece.begin(), piece.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

int close(sqlite3_file* file) {
  opened(file).name.~basic_string();
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  if (!g_disk->powered()) return SQLITE_IOERR_READ;
  const record::Bytes& bytes = content_of(file).content;
  const auto from = std::min(bytes.size(), static_cast<std::size_t>(offset));
  const auto count = std::min(bytes.size() - from, static_cast<std::size_t>(size));
  std::memset(to, 0, static_cast<std::size_t>(size));
  if (count > 0) std::memcpy(to, bytes.data() + from, count);
  return count == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  if (!g_disk->powered()) return SQLITE_IOERR_WRITE;
  PowerLossDisk::File& target = content_of(file);
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  const record::ByteView piece(bytes, static_cast<std::size_t>(size));
  write_at(target.content, static_cast<std::size_t>(offset), piece);
  target.unsynced.push_back({static_cast<std::size_t>(offset), record::Bytes(piece.begin(), piece.end())});
  return g_disk->operate() ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (!g_disk->powered()) return SQLITE_IOERR_TRUNCATE;
  PowerLossDisk::File& target = content_of(file);
  if (target.content.size() > static_cast<std::size_t>(size)) target.content.resize(static_cast<std::size_t>(size));
  target.unsynced.push_back({static_cast<std::size_t>(size), {}});
  return g_disk->operate() ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int sync(sqlite3_file* file, int) {
  return g_disk->operate() && g_disk->sync(content_of(file)) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int size_of(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(content_of(file).content.size());
  return SQLITE_OK;
}

int no_lock(sqlite3_file*, int) { return SQLITE_OK; }
int nobody_waits(sqlite3_file*, int* out) {
  *out = 0;
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
  auto& regions = content_of(file).shared_memory;
  const auto at = static_cast<std::size_t>(region);
  *out = nullptr;
  if (at >= regions.size()) {
    if (extend == 0) return SQLITE_OK;
    regions.resize(at + 1);
  }
  if (regions[at].empty()) regions[at].resize(static_cast<std::size_t>(size));
  *out = regions[at].data();
  return SQLITE_OK;
}
int shm_lock(sqlite3_file*, int, int, int) { return SQLITE_OK; }
void shm_barrier(sqlite3_file*) {}
int shm_unmap(sqlite3_file* file, int) {
  content_of(file).shared_memory.clear();
  return SQLITE_OK;
}

constexpr sqlite3_io_methods k_methods = {
    2,         close,        read,    write,       truncate,        sync,    size_of,  no_lock,
    no_lock,   nobody_waits, control, sector_size, characteristics, shm_map, shm_lock, shm_barrier,
    shm_unmap, nullptr,      nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (!g_disk->powered()) return SQLITE_CANTOPEN;
  auto* mine = new (file) OpenFile{};
  mine->name = name == nullptr ? "(temporary)" : name;
  g_disk->file(mine->name);
  mine->base.pMethods = &k_methods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* name, int) {
  if (!g_disk->operate()) return SQLITE_IOERR_DELETE;
  g_disk->remove(name);
  return SQLITE_OK;
}

int access(sqlite3_vfs*, const char* name, int, int* out) {
  *out = g_disk->exists(name) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

sqlite3_vfs* unix_vfs() { return sqlite3_vfs_find("unix"); }
int randomness(sqlite3_vfs*, int size, char* out) { return unix_vfs()->xRandomness(unix_vfs(), size, out); }
int sleep(sqlite3_vfs*, int) { return 0; }
int current_time(sqlite3_vfs*, double* out) { return unix_vfs()->xCurrentTime(unix_vfs(), out); }
int last_error(sqlite3_vfs*, int, char*) { return 0; }

sqlite3_vfs g_vfs = {};

}  // namespace

PowerLossDisk::PowerLossDisk(std::uint64_t seed, const Image& image) : m_random(seed) {
  for (const auto& [name, bytes] : image) {
    File& made = m_files[name];
    made.content = made.kept = bytes;
    made.name_synced = true;
  }
  ANJUNGAN_CHECK(g_disk == nullptr);
  g_disk = this;
  g_vfs = {};
  g_vfs.iVersion = 1;
  g_vfs.szOsFile = sizeof(OpenFile);
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
  sqlite3_vfs_unregister(&g_vfs);
  sqlite3_vfs_register(unix_vfs(), 1);
  g_disk = nullptr;
}

PowerLossDisk::Image PowerLossDisk::image() const {
  Image out;
  for (const auto& [name, file] : m_files) out[name] = file.content;
  return out;
}

bool PowerLossDisk::operate() {
  if (m_powered && m_left > 0) {
    m_left--;
    m_powered = m_left > 0;
  }
  return m_powered;
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
  m_left = 0;
  m_powered = true;
}

}  // namespace anjungan::store
