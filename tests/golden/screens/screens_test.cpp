// SPDX-License-Identifier: Apache-2.0
// Every screen in every language, text size, contrast and panel: the audits of audit.h, and pictures. Indonesian in the
// default look is compared with PNGs, all others with hashes. Exact on Debian 12, whose FreeType made them; elsewhere
// at most 0.2 % of the pixels differ. ANJUNGAN_ACCEPT_GOLDENS=1 accepts new pictures.
#include <cairo.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/golden/screens/audit.h"
#include "tests/golden/screens/stage.h"

namespace anjungan::screens {
namespace {

namespace fs = std::filesystem;
const fs::path k_expected = ANJUNGAN_TESTS "/golden/screens/expected";
const fs::path k_actual = ANJUNGAN_BUILD "/goldens/screens";

// FreeType 2.12 of Debian 12 drew the accepted pictures; g++ tells the release.
#if defined(__GNUC__) && __GNUC__ == 12
constexpr bool k_exact = true;
#else
constexpr bool k_exact = false;
#endif

bool accepting() {
  const char* accept = std::getenv("ANJUNGAN_ACCEPT_GOLDENS");
  return accept != nullptr && *accept == '1';
}

struct PanelCase {
  const char* name;
  ui::Panel panel;
};
constexpr PanelCase k_panels[] = {
    {"1080x1920", {1080, 1920, 4.0}}, {"1920x1080", {1920, 1080, 4.0}}, {"1366x768", {1366, 768, 4.0}}};

struct Case {
  PanelCase panel;
  record::Language language;
};

std::uint64_t hash_of(const ui::Canvas& picture, std::uint64_t hash) {
  for (int y = 0; y < picture.height(); y++) {
    const std::uint32_t* row = picture.row(y);
    for (int x = 0; x < picture.width(); x++) hash = (hash ^ row[x]) * 1099511628211ULL;
  }
  return hash;
}

/// Share of differing pixels and the largest difference of a channel; 1 and 255 when the sizes differ.
std::pair<double, int> difference(const ui::Canvas& picture, const fs::path& png) {
  cairo_surface_t* other = cairo_image_surface_create_from_png(png.c_str());
  std::pair<double, int> out{1, 255};
  if (cairo_image_surface_get_width(other) == picture.width() &&
      cairo_image_surface_get_height(other) == picture.height()) {
    long different = 0;
    int most = 0;
    for (int y = 0; y < picture.height(); y++) {
      const auto* row = reinterpret_cast<const std::uint32_t*>(
          cairo_image_surface_get_data(other) + static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(other));
      for (int x = 0; x < picture.width(); x++) {
        const std::uint32_t a = picture.at(x, y);
        if (((a ^ row[x]) & 0xffffff) == 0) continue;
        different++;
        for (int shift = 0; shift < 24; shift += 8)
          most = std::max(most, std::abs(static_cast<int>(a >> shift & 255) - static_cast<int>(row[x] >> shift & 255)));
      }
    }
    out = {static_cast<double>(different) / picture.width() / picture.height(), most};
  }
  cairo_surface_destroy(other);
  return out;
}

class Screens : public testing::TestWithParam<Case> {
 protected:
  static std::map<std::string, std::string> read_hashes(const fs::path& path) {
    std::map<std::string, std::string> out;
    std::ifstream in(path);
    std::string name;
    std::string hash;
    while (in >> name >> hash) out[name] = hash;
    return out;
  }
};

TEST_P(Screens, AreAsTheyShould) {
  const Case& one = GetParam();
  const bool english = one.language == record::Language::english;
  const std::string sheet = fmt::format("{}-{}", one.panel.name, english ? "en" : "id");
  const fs::path hashes_path = k_expected / (sheet + ".txt");
  const auto expected = read_hashes(hashes_path);
  std::map<std::string, std::string> actual;
  fs::create_directories(k_actual / one.panel.name);
  Stage stage;
  const std::vector<Scene> all = scenes();
  for (int step = 0; step <= 3; step++) {
    for (const bool high : {false, true}) {
      for (const Scene& scene : all) {
        const Look look{one.panel.panel, one.language, step, high};
        std::uint64_t hash = 1469598103934665603ULL;
        int pages = 1;
        for (int page = 0; page < pages; page++) {
          const ui::Canvas& picture = stage.draw(scene, look, page);
          pages = stage.pages();
          hash = hash_of(picture, hash);
          const std::string name =
              fmt::format("{} {} x{} {} page {}", sheet, scene.name, step, high ? "high" : "calm", page + 1);
          const auto findings = audit(stage.ui().tree(), picture, ui::Metrics(look.panel, step), high);
          for (const std::string& finding : findings) ADD_FAILURE() << name << ": " << finding;
          if (!findings.empty()) {
            const fs::path shot = k_actual / fmt::format("{}-{}-x{}-{}-{}.png", sheet, scene.name, step,
                                                         high ? "high" : "calm", page + 1);
            ASSERT_TRUE(picture.write_png(shot));
          }
          const bool pictured = step == 0 && !high && !english && page == 0;
          if (!pictured) continue;
          const fs::path png = k_expected / one.panel.name / (scene.name + ".png");
          if (accepting()) {
            fs::create_directories(png.parent_path());
            ASSERT_TRUE(picture.write_png(png));
          }
          const auto [share, most] = difference(picture, png);
          const bool same = k_exact ? share == 0 : share <= 0.002 && most <= 32;
          if (same) continue;
          const fs::path shot = k_actual / one.panel.name / (scene.name + ".png");
          ASSERT_TRUE(picture.write_png(shot));
          ADD_FAILURE() << name << ": " << share * 100 << " % of the pixels differ from " << png << ", see " << shot;
        }
        actual[fmt::format("{}.x{}.{}", scene.name, step, high ? "high" : "calm")] = fmt::format("{:016x}", hash);
      }
    }
  }
  if (accepting()) {
    std::ofstream out(hashes_path);
    for (const auto& [name, hash] : actual) out << name << ' ' << hash << '\n';
    return;
  }
  if (!k_exact) {
    std::printf("NOT COMPARED: the hashes of %s were made with Debian 12's FreeType\n", sheet.c_str());
    return;
  }
  for (const auto& [name, hash] : actual) {
    const auto found = expected.find(name);
    if (found == expected.end()) {
      ADD_FAILURE() << sheet << ' ' << name << " has no accepted picture";
    } else {
      EXPECT_EQ(found->second, hash) << sheet << ' ' << name
                                     << " looks otherwise than accepted; see it with screen_gallery";
    }
  }
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const PanelCase& panel : k_panels) {
    for (const auto language : {record::Language::indonesian, record::Language::english})
      out.push_back({panel, language});
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(All, Screens, testing::ValuesIn(cases()), [](const auto& one) {
  return fmt::format("{}_{}", one.param.panel.name, record::language_code(one.param.language));
});

}  // namespace
}  // namespace anjungan::screens
