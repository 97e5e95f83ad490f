// SPDX-License-Identifier: Apache-2.0
// SQLite takes its memory from a pool: it is a library that no sanitizer watches, and thousands of short lives of a
// store spend most of their time in the sanitizers' allocator otherwise.
#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <memory_resource>

namespace anjungan::store {
namespace {

/// Before each piece: its size, in as much room as keeps the piece aligned.
constexpr std::size_t k_before = alignof(std::max_align_t);

std::pmr::memory_resource& pool() {
  // Never destroyed: SQLite may give memory back while the program ends.
  static auto* instance = new std::pmr::synchronized_pool_resource(std::pmr::pool_options{256, 1U << 17U});
  return *instance;
}

int size_of(void* piece) {
  return piece == nullptr ? 0 : *reinterpret_cast<int*>(static_cast<std::byte*>(piece) - k_before);
}

void* allocate(int size) {
  auto* whole = static_cast<std::byte*>(pool().allocate(static_cast<std::size_t>(size) + k_before));
  *reinterpret_cast<int*>(whole) = size;
  return whole + k_before;
}

void give_back(void* piece) {
  if (piece == nullptr) return;
  pool().deallocate(static_cast<std::byte*>(piece) - k_before, static_cast<std::size_t>(size_of(piece)) + k_before);
}

void* resize(void* piece, int size) {
  void* out = allocate(size);
  std::copy_n(static_cast<std::byte*>(piece), std::min(size, size_of(piece)), static_cast<std::byte*>(out));
  give_back(piece);
  return out;
}

int round_up(int size) { return (size + 7) & ~7; }
int begin(void*) { return SQLITE_OK; }
void end(void*) {}

constexpr sqlite3_mem_methods k_methods = {allocate, give_back, resize, size_of, round_up, begin, end, nullptr};

// Before the first connection.
const int g_configured = sqlite3_config(SQLITE_CONFIG_MALLOC, &k_methods);

}  // namespace
}  // namespace anjungan::store
