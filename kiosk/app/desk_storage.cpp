// SPDX-License-Identifier: Apache-2.0
// Opening the store and the printer, and saying what keeps them shut. Nothing here gives up: a hall's disk is mended
// while the kiosk runs.
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "kiosk/app/desk.h"
#include "sync/slip/terminal_printer.h"
#include "sync/store/sync_store.h"

namespace anjungan::app {
namespace {

bool read_only(const std::string& folder) {
  struct statvfs disk{};
  if (statvfs(folder.c_str(), &disk) != 0) return false;
  return (disk.f_flag & ST_RDONLY) != 0 || access(folder.c_str(), W_OK) != 0;
}

session::Faults faults_of(const record::Error& error, const std::string& folder) {
  if (error.kind == record::ErrorKind::not_found) return {.not_enrolled = true};
  if (error.kind == record::ErrorKind::crypto) return {.keys_unusable = true};
  if (error.kind == record::ErrorKind::conflict) return {.storage_taken = true};
  if (error.kind == record::ErrorKind::full) return {.storage_full = true};
  if (error.kind == record::ErrorKind::read_only || read_only(folder)) return {.storage_read_only = true};
  return {.storage_damaged = true};
}

}  // namespace

record::Result<void> Desk::open_store() {
  const settings::Terminal& settings = m_terminal.settings;
  auto identity = identity_of(m_terminal);
  if (!identity) return tl::unexpected(identity.error());
  auto key = store::load_key(settings.data, store::KeyUse::receipt);
  if (!key) return tl::unexpected(key.error());
  store::IntakeOptions options;
  options.ballast_bytes = settings.ballast_mib << 20;
  options.low_water_bytes = settings.low_water_mib << 20;
  options.photo_low_water_bytes = settings.photo_low_water_mib << 20;
  if (auto sync = store::SyncReader::open(settings.data)) {
    const auto state = sync->state();
    if (!state) return tl::unexpected(state.error());
    options.acked_seq = state->acked_seq;
  }
  auto opened = store::IntakeStore::open(settings.data, settings.runtime, *identity, *std::move(key), options);
  if (!opened) return tl::unexpected(opened.error());
  // Whoever asked before this program started has left, and the key to the answer is gone.
  if (auto done = (*opened)->forget_questions(); !done) return done;
  auto stations = slip::stations_of(settings);
  if (!stations) return tl::unexpected(stations.error());
  m_identity = *std::move(identity);
  m_data_key.reset();  // it may be of the keys before
  m_store = *std::move(opened);
  m_printers = std::make_unique<slip::PrinterDesk>(
      *m_store, m_store_mutex, slip::hall_of(settings, *m_identity),
      [this](const record::TrackingNumber& number) { return delivered_ms(number); }, *std::move(stations),
      settings.fallback_after_s * std::int64_t{1'000});
  if (auto control = store::ControlSocket::listen(store::app_control(settings.runtime))) {
    m_control.emplace(*std::move(control));
  } else {
    spdlog::warn("control.closed why=\"{}\"", control.error().text);
  }
  if (!m_bell) {
    if (auto bell = store::Doorbell::hang(store::app_bell(settings.runtime))) m_bell.emplace(*std::move(bell));
  }
  spdlog::info("store.opened last_seq={}", m_store->last_seq());
  m_told_trouble.clear();
  return {};
}

void Desk::open_printers() {
  const auto started = m_printers->start([this] {
    m_print_moved = true;
    eventfd_write(m_ring, 1);
  });
  if (started) return;
  // Intake goes on: receipts wait in the store until there is a printer.
  if (started.error().text != m_told_trouble) spdlog::error("printer.closed why=\"{}\"", started.error().text);
  m_told_trouble = started.error().text;
}

void Desk::close() {
  m_control.reset();
  m_printers.reset();
  m_store.reset();
}

bool Desk::keep_up() {
  const std::int64_t now_ms = record::SystemClock().unix_ms();
  const std::int64_t local_ms = now_ms + std::int64_t{60'000} * record::utc_offset_min(m_terminal.settings.zone);
  if (!m_store || !m_upkeep.due(local_ms)) return false;
  Forgettable forgettable;
  auto sync = store::SyncReader::open(m_terminal.settings.data);
  if (sync) {
    forgettable.confirmed_seq = sync->long_confirmed(now_ms).value_or(0);
    forgettable.held = [&] { return sync->long_held_blobs(now_ms).value_or(std::vector<record::Hash>()); };
  }
  const std::lock_guard guard(m_store_mutex);
  return m_upkeep.step(*m_store, forgettable, local_ms);
}

/// The agent changes the terminal's keys; the receipt key is made, and used, here.
void Desk::look_at_keys() {
  const std::lock_guard guard(m_store_mutex);
  if (m_store->take_up_key()) spdlog::info("keys.taken_up");
  const auto offered = m_store->offer_next_key();
  if (!offered) {
    if (offered.error().text != m_told_keys) spdlog::error("keys.not_offered why=\"{}\"", offered.error().text);
    m_told_keys = offered.error().text;
  } else if (*offered) {
    spdlog::info("keys.offered");
    store::ring(store::sync_bell(m_terminal.settings.runtime));
  }
}

void Desk::set_faults(const session::Faults& faults) {
  if (m_told_faults == faults) return;
  m_told_faults = faults;
  tell(session::FaultsChanged{faults});
}

void Desk::look_at_storage() {
  const settings::Terminal& settings = m_terminal.settings;
  const bool stopped = [this] {
    if (!m_store) return false;
    const std::lock_guard guard(m_store_mutex);
    return m_store->stopped().has_value();
  }();
  // A store that found itself damaged is opened anew, which rebuilds it.
  if (stopped) close();
  if (!m_store) {
    if (const auto opened = open_store(); !opened) {
      if (opened.error().text != m_told_trouble) spdlog::error("store.closed why=\"{}\"", opened.error().text);
      m_told_trouble = opened.error().text;
      return set_faults(faults_of(opened.error(), settings.data));
    }
  }
  if (!m_printers->started()) open_printers();
  look_at_keys();
  settle_attempt();
  record_calls();
  set_faults(standing_faults());
}

/// Everything that would refuse a report once it is typed.
session::Faults Desk::standing_faults() {
  session::Faults faults;
  faults.storage_read_only = read_only(m_terminal.settings.data);
  // The key is kept for the next report.
  if (!m_data_key) on(session::PrepareDataKey{});
  faults.keys_unusable = !m_data_key;
  const std::lock_guard guard(m_store_mutex);
  const auto room = m_store->room_for_intake();
  faults.storage_full = !room && room.error().kind == record::ErrorKind::full;
  faults.numbers_used_up = !room && room.error().kind == record::ErrorKind::conflict;
  return faults;
}

}  // namespace anjungan::app
