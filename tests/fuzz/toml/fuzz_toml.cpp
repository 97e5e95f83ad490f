// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "sync/catalogue/catalogue.h"
#include "sync/record/result.h"
#include "sync/settings/settings.h"

// The files that a technician writes and a centre sends: each is accepted, or refused in words that name the file. The
// first byte picks which one it is.

namespace anjungan {
namespace {

catalogue::Sources bandung() {
  catalogue::Sources out;
  const auto read = [](const char* name) {
    std::ifstream file(std::string(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung/") + name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  out.categories = read("categories.toml");
  out.agencies = read("agencies.toml");
  out.region = read("region.toml");
  out.holidays = read("holidays.toml");
  return out;
}

template <class Value>
void names(const record::Result<Value>& read, const std::string& file) {
  ANJUNGAN_CHECK(read || read.error().text.find(file) != std::string::npos);
}

void read_catalogue(std::string catalogue::Sources::* which, const std::string& text) {
  static const catalogue::Sources good = bandung();
  catalogue::Sources sources = good;
  sources.*which = text;
  names(catalogue::parse_catalogue(sources), ".toml:");
}

void read_remote(const std::string& text) {
  settings::Terminal terminal;
  const auto applied = settings::apply_remote(terminal, text);
  names(applied, "settings:");
  if (applied) return;
  ANJUNGAN_CHECK(terminal.hall == settings::Terminal().hall && terminal.accent == settings::Terminal().accent);
}

}  // namespace
}  // namespace anjungan

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace anjungan;
  if (size == 0) return 0;
  const std::string text(data + 1, data + size);
  switch (data[0] % 6) {
    case 0:
      names(settings::parse_terminal(text, "t.toml"), "t.toml:");
      break;
    case 1:
      read_remote(text);
      break;
    case 2:
      read_catalogue(&catalogue::Sources::categories, text);
      break;
    case 3:
      read_catalogue(&catalogue::Sources::agencies, text);
      break;
    case 4:
      read_catalogue(&catalogue::Sources::region, text);
      break;
    default:
      read_catalogue(&catalogue::Sources::holidays, text);
  }
  return 0;
}
