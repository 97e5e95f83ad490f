// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/terminal.h"

#include <spdlog/spdlog.h>

#include <filesystem>

#include "sync/settings/paths.h"
#include "sync/slip/terminal_printer.h"
#include "sync/store/files.h"
#include "sync/store/sync_store.h"

namespace anjungan::app {
namespace {

namespace fs = std::filesystem;

record::Result<store::Identity> sample_identity(const Terminal& terminal) {
  store::Identity out;
  out.region = static_cast<std::uint16_t>(terminal.catalogue.region_code);
  out.terminal = 0;
  out.office = terminal.settings.office.empty() ? "MPP Contoh" : terminal.settings.office;
  out.place = terminal.settings.place;
  out.public_url = terminal.settings.public_url.empty() ? "https://contoh.invalid" : terminal.settings.public_url;
  auto key = store::load_or_make_key(terminal.settings.data, store::KeyUse::receipt);
  if (!key) return tl::unexpected(key.error());
  out.receipt_key = key->public_key();
  // Nobody has the other half: what is typed into a sample cannot be read by anyone.
  out.seal_to = {record::SealingKey::generate().public_key()};
  return out;
}

record::Result<catalogue::Catalogue> catalogue_of(const settings::Terminal& settings) {
  return catalogue::load_catalogue(settings.catalogue.empty() ? settings::default_catalogue() : settings.catalogue);
}

}  // namespace

record::Result<Terminal> load_terminal(const std::string& config, bool sample) {
  Terminal out;
  out.sample = sample;
  auto settings = settings::load_terminal(config);
  if (!settings) return tl::unexpected(settings.error());
  out.settings = *std::move(settings);
  if (const auto printers = slip::stations_of(out.settings); !printers) {
    return record::fail(printers.error().kind, config + ": " + printers.error().text);
  }
  if (sample) {
    // Beside the real records of an enrolled terminal, never among them.
    out.settings.data += "/sample";
    out.settings.runtime += "/sample";
  }
  auto catalogue = catalogue_of(out.settings);
  if (!catalogue && !out.settings.remote.catalogue.empty()) {
    // What came from afar was whole when it was laid down. A hall does not stay shut because its disk has lost it
    // since.
    out.settings.remote.trouble = catalogue.error().text;
    out.settings.remote.catalogue.clear();
    out.settings.catalogue = out.settings.remote.own_catalogue;
    catalogue = catalogue_of(out.settings);
  }
  if (!catalogue) return tl::unexpected(catalogue.error());
  if (!out.settings.remote.trouble.empty())
    spdlog::error("remote.not_in_force why=\"{}\"", out.settings.remote.trouble);
  out.catalogue = *std::move(catalogue);
  const auto accent = ui::parse_colour(out.settings.accent);
  if (!accent) {
    return record::fail(record::ErrorKind::invalid,
                        config + ": brand.accent: \"" + out.settings.accent + "\" is no colour; write it as #RRGGBB");
  }
  out.accent = *accent;
  out.brand = {.government = out.settings.government,
               .hall = out.settings.hall,
               .help = out.settings.help,
               .phone = out.settings.phone,
               .office = out.settings.office};
  return out;
}

std::uint64_t last_command(const Terminal& terminal) {
  auto sync = store::SyncReader::open(terminal.settings.data);
  return sync ? sync->last_command().value_or(0) : 0;
}

record::Result<store::Identity> identity_of(const Terminal& terminal) {
  if (!terminal.sample) return store::load_identity(terminal.settings.data);
  if (auto made = store::make_folder(terminal.settings.data); !made) return tl::unexpected(made.error());
  return sample_identity(terminal);
}

std::string locale_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    const fs::path beside = program.parent_path().parent_path() / "share/locale";
    if (fs::exists(beside / "en", failed)) return beside;
  }
  return ANJUNGAN_INSTALL_ASSETS "/locale";
}

}  // namespace anjungan::app
