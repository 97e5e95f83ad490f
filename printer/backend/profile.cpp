// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/profile.h"

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace anjungan::backend {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  return from == std::string::npos ? std::string() : text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

bool number(const std::string& text, int& out, int least, int most) {
  const auto done = std::from_chars(text.data(), text.data() + text.size(), out);
  return done.ec == std::errc() && done.ptr == text.data() + text.size() && out >= least && out <= most;
}

bool yes_no(const std::string& text, bool& out) {
  out = text == "yes";
  return out || text == "no";
}

bool confirm(const std::string& text, Confirm& out) {
  out = text == "process" ? Confirm::process
        : text == "order" ? Confirm::order
        : text == "none"  ? Confirm::none
                          : Confirm::automatic;
  return out != Confirm::automatic || text == "auto";
}

bool set(Profile& out, const std::string& key, const std::string& value) {
  if (key == "dots") return number(value, out.dots, 100, 2'000);
  if (key == "dpi") return number(value, out.dpi, 100, 600);
  if (key == "cutter") return yes_no(value, out.cutter);
  if (key == "feed") return number(value, out.feed, 0, 255);
  if (key == "status") return yes_no(value, out.status);
  if (key == "confirm") return confirm(value, out.confirm);
  if (key == "native_qr") return yes_no(value, out.native_qr);
  return false;
}

}  // namespace

std::optional<Profile> parse_profile(const std::string& text, std::string& error) {
  Profile out;
  std::istringstream lines(text);
  std::string line;
  for (int at = 1; std::getline(lines, line); at++) {
    line = trimmed(line);
    if (line.empty() || line[0] == '#') continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos || !set(out, trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)))) {
      error = "line " + std::to_string(at) + " is not understood";
      return std::nullopt;
    }
  }
  return out;
}

std::optional<Profile> load_profile(const std::string& name, std::string& error) {
  const char* root = std::getenv("CUPS_SERVERROOT");
  for (const std::string& folder :
       {root == nullptr ? std::string() : std::string(root) + "/struk",
        std::string(ANJUNGAN_INSTALL_ASSETS "/printers"), std::string(ANJUNGAN_SOURCE_ASSETS "/printers")}) {
    if (folder.empty()) continue;
    const std::string path = folder + "/" + name + ".profile";
    std::ifstream file(path);
    if (!file) continue;
    auto out = parse_profile({std::istreambuf_iterator<char>(file), {}}, error);
    if (!out) error = path + ": " + error;
    return out;
  }
  // The contract's default needs no file: a tree that the backend's user cannot read still prints.
  if (name == "generic-80") return Profile{};
  error = "there is no profile " + name;
  return std::nullopt;
}

}  // namespace anjungan::backend
