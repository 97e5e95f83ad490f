// SPDX-License-Identifier: Apache-2.0
// What every simulated fleet begins with, made once: a city's centre and terminals that it has enrolled.
#pragma once

#include <string>
#include <vector>

#include "sync/catalogue/catalogue.h"
#include "tests/crash/sync_store/power_loss_disk.h"

namespace anjungan::simulation {

class Scene {
 public:
  static constexpr int k_terminals = 4;

  Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
  ~Scene();

  [[nodiscard]] const catalogue::Catalogue& catalogue() const { return m_catalogue; }
  [[nodiscard]] std::string centre_folder() const { return m_root + "/centre"; }
  [[nodiscard]] const store::PowerLossDisk::Image& centre_image() const { return m_centre; }
  [[nodiscard]] std::string terminal_folder(int terminal) const;
  [[nodiscard]] const store::PowerLossDisk::Image& terminal_image(int terminal) const {
    return m_terminals[static_cast<std::size_t>(terminal)];
  }
  /// Keys and identity of a terminal, copied; what lay in memory is not. Where they are now.
  [[nodiscard]] std::string copy_keys(int terminal) const;
  /// Every memory is empty, as after a boot.
  void reboot_all() const;

 private:
  store::PowerLossDisk::Image enrol(int terminal, class SimulatedCentre& centre);

  std::string m_root;
  catalogue::Catalogue m_catalogue;
  store::PowerLossDisk::Image m_centre;
  std::vector<store::PowerLossDisk::Image> m_terminals;
};

}  // namespace anjungan::simulation
