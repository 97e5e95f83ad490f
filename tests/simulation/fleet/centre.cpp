// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/fleet/centre.h"

#include "sync/wire/http.h"

namespace anjungan::simulation {
namespace {

/// A terminal keeps what it sent for 90 days.
constexpr std::int64_t k_oldest_copy_ms = std::int64_t{80} * 24 * 3600 * 1000;

/// What two instances on one database server see of each other: one store.
class SharedStore final : public central::Store {
 public:
  explicit SharedStore(std::shared_ptr<central::Store> store) : m_store(std::move(store)) {}
  record::Result<void> write(const std::function<record::Result<void>(central::Writer&)>& work) override {
    return m_store->write(work);
  }
  record::Result<void> read(const std::function<record::Result<void>(central::Reader&)>& work) override {
    return m_store->read(work);
  }
  record::Result<void> back_up(const std::string& path) override { return m_store->back_up(path); }
  [[nodiscard]] bool backs_up() const override { return m_store->backs_up(); }

 private:
  std::shared_ptr<central::Store> m_store;
};

}  // namespace

SimulatedCentre::SimulatedCentre(World& world, std::string folder, const catalogue::Catalogue& catalogue,
                                 const store::PowerLossDisk::Image& image)
    : m_world(world),
      m_folder(std::move(folder)),
      m_catalogue(catalogue),
      m_clock(world),
      m_disk(world.below(UINT64_MAX), image, m_folder + "/") {}

record::Result<void> SimulatedCentre::start() {
  if (runs()) return {};
  m_disk.run_as(k_process);
  auto opened = central::open_sqlite_store(m_folder);
  if (!opened) return tl::unexpected(opened.error());
  m_store = *std::move(opened);
  for (int n = 0; n < 2; n++) {
    auto instance = central::Centre::open(std::make_unique<SharedStore>(m_store), m_folder,
                                          "https://lapor.example.go.id", m_catalogue, m_clock);
    if (!instance) {
      stop();
      return tl::unexpected(instance.error());
    }
    m_instances.push_back(*std::move(instance));
  }
  return {};
}

void SimulatedCentre::stop() {
  m_instances.clear();
  m_store.reset();
}

central::Reply SimulatedCentre::take(std::string_view path, record::Bytes message) {
  if (!runs()) return {0, {}, 0};
  central::Centre& instance = *m_instances[m_world.below(m_instances.size())];
  if (path == wire::k_enrol_path) return instance.enrol(std::move(message));
  if (path == wire::k_sync_path) return instance.sync(std::move(message));
  if (path == wire::k_question_path) return instance.question(std::move(message));
  return {404, {}, 0};
}

record::Result<record::Bytes> SimulatedCentre::take_carried(record::Bytes message) {
  central::Centre& instance = *m_instances[m_world.below(m_instances.size())];
  auto carried = instance.take_carried(std::move(message), "courier");
  if (!carried) return tl::unexpected(carried.error());
  return std::move(carried->answer);
}

void SimulatedCentre::kill() {
  die_after(0);
  stop();
  m_disk.bury(k_process);
}

void SimulatedCentre::lose_power() {
  if (m_disk.powered()) m_disk.fail_power_after(1);
  die_after(0);
  stop();
  m_disk.restart();
  m_clock.boot();
}

void SimulatedCentre::back_up() {
  if (!runs() || !m_disk.alive(k_process)) return;
  const std::string to = m_folder + "/backup/central.db";
  if (!m_store->back_up(to)) return;
  m_copy = {{database(), m_disk.image().at(to)}};
  m_disk.remove(to);
  m_disk.remove(to + "-wal");
  m_copied_ms = m_world.now_ms();
}

void SimulatedCentre::copy_disk() {
  m_copy = m_disk.image();
  m_copied_ms = m_world.now_ms();
}

bool SimulatedCentre::restore() {
  if (m_copy.empty() || m_world.now_ms() - m_copied_ms > k_oldest_copy_ms) return false;
  kill();
  if (!m_disk.powered()) m_disk.restart();
  m_disk.replace(m_copy);
  return true;
}

}  // namespace anjungan::simulation
