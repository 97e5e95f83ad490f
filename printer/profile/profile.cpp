// SPDX-License-Identifier: Apache-2.0
#include "printer/profile/profile.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace anjungan::profile {
namespace {

constexpr const char* k_ending = ".profile";

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
  if (key == "dots") return number(value, out.dots, 200, 2'000);
  if (key == "dpi") return number(value, out.dpi, 100, 600);
  if (key == "steps") return number(value, out.steps, 1, 2);
  if (key == "cutter") return yes_no(value, out.cutter);
  if (key == "feed") return number(value, out.feed, 0, 255);
  if (key == "status") return yes_no(value, out.status);
  if (key == "confirm") return confirm(value, out.confirm);
  if (key == "native_qr") return yes_no(value, out.native_qr);
  return false;
}

std::vector<std::string> folders() {
  const char* root = std::getenv("CUPS_SERVERROOT");
  return {std::string(root == nullptr ? "/etc/cups" : root) + "/struk", ANJUNGAN_INSTALL_ASSETS "/printers",
          ANJUNGAN_SOURCE_ASSETS "/printers"};
}

}  // namespace

bool is_profile_name(const std::string& name) {
  return !name.empty() && name.size() <= 40 &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
             std::string::npos;
}

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
  if (out.feed * out.steps > 255) {
    error = "feed: more than 255 vertical steps, which one command cannot feed";
    return std::nullopt;
  }
  return out;
}

std::optional<Profile> load_profile(const std::string& name, std::string& error) {
  if (!is_profile_name(name)) {
    error = "a profile's name has letters, digits, - and _ only";
    return std::nullopt;
  }
  for (const std::string& folder : folders()) {
    const std::string path = folder + "/" + name + k_ending;
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

std::vector<std::string> profile_names() {
  std::vector<std::string> out;
  for (const std::string& folder : folders()) {
    std::error_code failed;
    for (const auto& one : std::filesystem::directory_iterator(folder, failed)) {
      const std::string name = one.path().stem().string();
      if (one.path().extension() == k_ending && is_profile_name(name)) out.push_back(name);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace anjungan::profile
