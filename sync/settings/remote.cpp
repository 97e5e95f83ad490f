// SPDX-License-Identifier: Apache-2.0
#include "sync/settings/remote.h"

#include <fstream>
#include <optional>

#include "sync/record/bytes.h"
#include "sync/record/command.h"

namespace anjungan::settings {
namespace {

constexpr std::size_t k_name_digits = 32;

/// Nullopt when it is not there; at most one byte more than `most`.
std::optional<std::string> content_of(const std::string& path, std::size_t most) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string out(most + 1, '\0');
  file.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<std::size_t>(file.gcount()));
  return out;
}

}  // namespace

std::string settings_name(std::string_view text) {
  if (text.empty()) return {};
  const record::Hash all = record::hash_in("anjungan/settings/1", record::view_of(text));
  return record::to_hex(record::ByteView(all).first(k_name_digits / 2));
}

void take_remote(Terminal& terminal) {
  Remote& remote = terminal.remote;
  remote.own_catalogue = terminal.catalogue;
  if (!remote.accept) return;
  if (const auto text = content_of(remote_settings(terminal.data), record::k_most_settings_bytes)) {
    if (auto applied = apply_remote(terminal, *text)) {
      remote.settings = settings_name(*text);
      remote.text = *text;
    } else {
      remote.trouble = applied.error().text;
    }
  }
  const auto name = content_of(remote_catalogue(terminal.data), k_name_digits);
  if (!name) return;
  if (name->size() != k_name_digits || name->find_first_not_of("0123456789abcdef") != std::string::npos) {
    remote.trouble = remote_catalogue(terminal.data) + ": holds no name";
    return;
  }
  remote.catalogue = *name;
  terminal.catalogue = remote_catalogue_folder(terminal.data, *name);
}

}  // namespace anjungan::settings
