// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/fleet/scene.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>

#include "sync/agent/enrolment.h"
#include "sync/store/files.h"
#include "sync/store/intake_store.h"
#include "tests/simulation/fleet/centre.h"
#include "tests/simulation/fleet/network.h"

namespace anjungan::simulation {
namespace {

template <class T>
T must(record::Result<T> result) {
  if (!result) fmt::print(stderr, "scene: {}\n", result.error().text);
  ANJUNGAN_CHECK(result.has_value());
  return *std::move(result);
}

/// An administrator who confirms whoever asks.
class Confirming final : public agent::Transport {
 public:
  explicit Confirming(SimulatedCentre& centre) : m_centre(centre) {}
  record::Result<agent::HttpAnswer> post(std::string_view path, record::ByteView body, const Headers&) override {
    const central::Reply reply = m_centre.take(path, record::Bytes(body.begin(), body.end()));
    for (const central::Device& device : must(m_centre.instance().devices())) {
      if (device.state == central::DeviceState::pending) must(m_centre.instance().confirm(device.id.str()));
    }
    return agent::HttpAnswer{static_cast<long>(reply.status), {}, reply.body, {}};
  }

 private:
  SimulatedCentre& m_centre;
};

}  // namespace

Scene::Scene() : m_catalogue(must(catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung"))) {
  // Locks and keys are real files; in memory they cost no disk its time.
  const std::filesystem::path memory = "/dev/shm";
  std::error_code absent;
  const bool there = std::filesystem::is_directory(memory, absent);
  std::string pattern = ((there ? memory : std::filesystem::temp_directory_path()) / "anjungan-fleet-XXXXXX").string();
  ANJUNGAN_CHECK(mkdtemp(pattern.data()) != nullptr);
  m_root = pattern;

  World world(0);
  ANJUNGAN_CHECK(store::make_folder(centre_folder()).has_value());
  SimulatedCentre centre(world, centre_folder(), m_catalogue, {});
  ANJUNGAN_CHECK(centre.start().has_value());
  for (int n = 0; n < k_terminals; n++) m_terminals.push_back(enrol(n, centre));
  centre.stop();
  m_centre = centre.disk().image();
}

Scene::~Scene() {
  std::error_code ignored;
  std::filesystem::remove_all(m_root, ignored);
}

std::string Scene::terminal_folder(int terminal) const { return fmt::format("{}/terminal-{}", m_root, terminal); }

store::PowerLossDisk::Image Scene::enrol(int terminal, SimulatedCentre& centre) {
  const std::string folder = terminal_folder(terminal);
  ANJUNGAN_CHECK(store::make_folder(folder + "/run").has_value());
  store::PowerLossDisk disk(0, {}, folder + "/");
  const auto made = must(centre.instance().make_enrol_code(3273, "MPP Contoh", fmt::format("Loket {}", terminal)));
  agent::EnrolmentOptions options;
  options.data_folder = folder;
  options.poll = std::chrono::milliseconds(0);
  options.software = "simulation";
  const agent::Stop stop;
  Confirming transport(centre);
  const auto identity = must(agent::enrol(options, must(wire::EnrolCode::parse(made.code)), transport, stop,
                                          {[](const std::string&) {}, [](std::chrono::seconds) {}}));
  store::IntakeOptions intake;
  intake.ballast_bytes = 0;
  must(store::IntakeStore::open(folder, folder + "/run", identity,
                                must(store::load_key(folder, store::KeyUse::receipt)), intake));
  return disk.image();
}

std::string Scene::copy_keys(int terminal) const {
  std::string to = m_root + "/copy";
  std::filesystem::remove_all(to);
  ANJUNGAN_CHECK(store::make_folder(to + "/run").has_value());
  std::filesystem::copy(terminal_folder(terminal) + "/keys", to + "/keys");
  return to;
}

void Scene::reboot_all() const {
  for (int n = 0; n < k_terminals; n++) {
    for (const char* file : {"/run/print.key", "/run/intake.suspect"}) {
      std::filesystem::remove(terminal_folder(n) + file);
    }
  }
}

}  // namespace anjungan::simulation
