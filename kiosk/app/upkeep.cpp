// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/upkeep.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <system_error>

#include "sync/record/clock.h"

namespace anjungan::app {
namespace {

constexpr std::int64_t k_hour_ms = 3'600'000;
constexpr std::int64_t k_day_ms = 24 * k_hour_ms;
constexpr std::int64_t k_begins_ms = 1 * k_hour_ms;
constexpr std::int64_t k_ends_ms = 4 * k_hour_ms;
constexpr std::size_t k_files = 50;
constexpr std::size_t k_piece = 500;  ///< events; a few milliseconds

}  // namespace

bool Upkeep::due(std::int64_t local_ms) const {
  if (!record::clock_is_sane(local_ms) || local_ms / k_day_ms == m_done_day) return false;
  const std::int64_t of_day = local_ms % k_day_ms;
  return of_day >= k_begins_ms && of_day < k_ends_ms;
}

bool Upkeep::step(store::IntakeStore& store, const Forgettable& forgettable, std::int64_t local_ms) {
  if (!due(local_ms) || store.stopped()) return false;
  const auto more = piece(store, forgettable);
  if (!more) spdlog::error("upkeep.failed why=\"{}\"", more.error().text);
  if (more && *more) return true;
  if (more) spdlog::info("upkeep.done last_seq={}", store.last_seq());
  m_done_day = local_ms / k_day_ms;
  m_piece = Piece::scrub;
  m_from_seq = 1;
  return false;
}

record::Result<bool> Upkeep::piece(store::IntakeStore& store, const Forgettable& forgettable) {
  switch (m_piece) {
    case Piece::scrub: {
      const auto next = store.scrub(m_from_seq, k_piece);
      if (!next) return tl::unexpected(next.error());
      m_from_seq = *next;
      if (*next == 0) m_piece = Piece::purge;
      return true;
    }
    case Piece::purge: {
      const auto count = store.purge(forgettable.confirmed_seq, k_piece);
      if (!count) return tl::unexpected(count.error());
      if (*count == 0) m_piece = Piece::attachments;
      return true;
    }
    case Piece::attachments: {
      const auto count =
          store.purge_blobs(forgettable.held ? forgettable.held() : std::vector<record::Hash>(), k_files);
      if (!count) return tl::unexpected(count.error());
      if (*count == 0) m_piece = Piece::back_up;
      return true;
    }
    case Piece::back_up:
      // A copy that cannot be made must not keep the ballast from being put back.
      if (const auto copied = back_up(store); !copied) spdlog::warn("upkeep.no_copy why=\"{}\"", copied.error().text);
      m_piece = Piece::ballast;
      return true;
    case Piece::ballast:
      if (const auto placed = store.place_ballast(); !placed) return tl::unexpected(placed.error());
      return false;
  }
  return false;
}

record::Result<void> Upkeep::back_up(store::IntakeStore& store) const {
  const std::filesystem::path folder = std::filesystem::path(m_folder) / "backup";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return record::fail(record::ErrorKind::io, folder.string() + ": " + error.message());
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  const auto space = std::filesystem::space(m_folder, error);
  const auto size = std::filesystem::file_size(std::filesystem::path(m_folder) / "intake.db", error);
  if (error) return record::fail(record::ErrorKind::io, m_folder + ": " + error.message());
  if (space.available < size || space.available - size < m_low_water_bytes) {
    return record::fail(record::ErrorKind::full, folder.string() + ": no room for a copy beside the low-water mark");
  }
  return store.back_up((folder / "intake.db").string());
}

}  // namespace anjungan::app
