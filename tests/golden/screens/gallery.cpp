// SPDX-License-Identifier: Apache-2.0
// screen_gallery FOLDER [NAME-PART] [WIDTHxHEIGHT] [id|en] [TEXT-STEP] [high]: PNGs of the scenes, to look at.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/golden/screens/stage.h"

int main(int argc, char** argv) {
  using namespace anjungan;
  if (argc < 2) {
    fmt::print(stderr, "usage: screen_gallery FOLDER [NAME-PART] [WIDTHxHEIGHT] [id|en] [TEXT-STEP] [high]\n");
    return 2;
  }
  const std::string part = argc > 2 ? argv[2] : "";
  screens::Look look;
  if (argc > 3 && std::sscanf(argv[3], "%dx%d", &look.panel.width, &look.panel.height) != 2) return 2;
  look.panel.px_per_mm = 4.0;
  if (argc > 4 && std::string(argv[4]) == "en") look.language = record::Language::english;
  if (argc > 5) look.text_step = std::atoi(argv[5]);
  look.high_contrast = argc > 6;
  std::filesystem::create_directories(argv[1]);
  screens::Stage stage;
  for (const screens::Scene& scene : screens::scenes()) {
    if (scene.name.find(part) == std::string::npos) continue;
    int pages = 1;
    for (int page = 0; page < pages; page++) {
      const ui::Canvas& picture = stage.draw(scene, look, page);
      pages = stage.pages();
      const std::string path =
          fmt::format("{}/{}{}.png", argv[1], scene.name, page == 0 ? "" : fmt::format(".{}", page + 1));
      if (const auto written = picture.write_png(path); !written) {
        fmt::print(stderr, "{}\n", written.error().text);
        return 1;
      }
    }
  }
  return 0;
}
