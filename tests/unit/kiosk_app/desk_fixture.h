// SPDX-License-Identifier: Apache-2.0
// A desk of a sample terminal in a folder of its own, with the real catalogue.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "kiosk/app/desk.h"
#include "sync/catalogue/catalogue.h"

namespace anjungan::app {

class DeskFixture : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "anjungan-desk-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    m_folder = name;
    m_terminal.sample = true;
    m_terminal.settings.data = m_folder + "/data";
    m_terminal.settings.runtime = m_folder + "/run";
    m_terminal.settings.ballast_mib = 0;
    m_terminal.settings.low_water_mib = 0;
    m_terminal.settings.printer_folder = m_folder + "/receipts";
    auto city = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
    ASSERT_TRUE(city) << city.error().text;
    m_terminal.catalogue = *std::move(city);
  }
  void TearDown() override {
    m_desk.reset();
    std::filesystem::remove_all(m_folder);
  }

  void start(std::chrono::milliseconds longest_order = std::chrono::minutes(1)) {
    m_desk = std::make_unique<Desk>(
        m_terminal,
        [this] {
          const std::lock_guard guard(m_mutex);
          m_woken = true;
          m_wake.notify_one();
        },
        longest_order);
  }

  std::string m_folder;
  Terminal m_terminal;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  bool m_woken = false;
  std::unique_ptr<Desk> m_desk;
};

}  // namespace anjungan::app
