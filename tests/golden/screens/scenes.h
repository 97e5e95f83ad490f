// SPDX-License-Identifier: Apache-2.0
// Each screen in the states a citizen can meet it in, with invented people and places.
#pragma once

#include <string>
#include <vector>

#include "kiosk/screens/screens.h"
#include "sync/catalogue/catalogue.h"

namespace anjungan::screens {

struct Scene {
  std::string name;
  session::State state;
  std::optional<int> warning_left_s;
  bool display_open = false;
};

/// All of them; the catalogue is Kota Bandung's.
[[nodiscard]] std::vector<Scene> scenes();
[[nodiscard]] const catalogue::Catalogue& bandung();
/// The QR code of the scenes' receipt.
[[nodiscard]] const QrModules& sample_qr();

/// Thursday, 12 November 2026, 10.32 WIB.
inline constexpr std::int64_t k_now_ms = 1'794'454'320'000;

}  // namespace anjungan::screens
