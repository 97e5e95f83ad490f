// SPDX-License-Identifier: Apache-2.0
// A terminal's configuration: one TOML file. Unknown keys and values out of range are refused with line and key, so
// that a typing error never passes for a setting.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/record/clock.h"

namespace anjungan::settings {

enum class PrinterKind { none, virtual_printer, cups };
/// What a roll printer is sent: pictures of receipts, words in its own characters with a small picture of the QR code,
/// or words and a QR code that it draws itself.
/// `pwg` is PWG raster, for a driverless IPP printer.
enum class PrintMode { raster, text, native, pwg };
enum class Medium { unset, roll_80, roll_58, a4 };

/// What an administrator at the centre has set (remote.h), in force in the values beside it.
struct Remote {
  bool accept = true;         ///< [remote] accept: the technician's word
  std::string settings;       ///< names the text in force by its content; empty: none
  std::string text;           ///< of the settings in force
  std::string catalogue;      ///< name of the catalogue in force; empty: the technician's own
  std::string own_catalogue;  ///< what [catalogue] folder says
  std::string trouble;        ///< why something that was set is not in force
  std::vector<std::pair<std::string, std::string>> values;  ///< key and value of each setting in force
};

struct Terminal {
  // [terminal]
  std::string data = "/var/lib/anjungan";  ///< intake.db, sync.db, keys
  std::string runtime = "/run/anjungan";   ///< in memory: doorbells and the key of print payloads
  std::string office;                      ///< "MPP Kota Bandung"; the enrolment's when empty
  std::string place;                       ///< "Lantai 1"
  record::Zone zone = record::Zone::wib;
  int region = 0;                           ///< four digits, such as 3273
  std::uint64_t ballast_mib = 64;           ///< kept free on the disk
  std::uint64_t low_water_mib = 16;         ///< below it no new complaint is taken
  std::uint64_t photo_low_water_mib = 256;  ///< below it no new attachment: photos stop first

  // [centre]
  std::string centre_url;  ///< https://..., or http:// to this machine only
  std::string centre_ca;   ///< PEM file of the roots its certificate must come from; the system's when empty
  std::string public_url;  ///< base of the receipt's QR when it differs from what the enrolment gave

  // [printer]
  PrinterKind printer_kind = PrinterKind::virtual_printer;
  std::string printer_queue;    ///< CUPS queue
  std::string printer_folder;   ///< of the virtual printer; <data>/receipts when empty
  std::string printer_profile;  ///< of a roll printer's model; the generic one of the medium when empty
  PrintMode printer_mode = PrintMode::raster;
  Medium medium = Medium::unset;  ///< the profile's, else 80 mm
  int roll_m = 0;                 ///< length of a new roll where the printer cannot tell that it ends; 0: not metered
  std::string printer_watch = "/run/anjungan-struk";  ///< where struk --watch keeps idle printers' states

  // [fallback]: a second printer
  PrinterKind fallback_kind = PrinterKind::none;
  std::string fallback_queue;
  std::string fallback_folder;  ///< <data>/receipts-fallback when empty
  std::string fallback_profile;
  PrintMode fallback_mode = PrintMode::raster;
  Medium fallback_medium = Medium::unset;  ///< the profile's, else A4
  int fallback_roll_m = 0;
  int fallback_after_s = 0;  ///< a receipt moves there by itself after so long; 0: staff move it

  // [screen]
  int width = 0;  ///< pixels, 0 = the display's
  int height = 0;
  double px_per_mm = 4.03;  ///< of the real panel: every size on the screen follows from it
  int rotate = 0;           ///< 0, 90, 180 or 270 degrees clockwise
  bool fullscreen = false;
  bool wheelchair = false;  ///< controls in the lower half

  // [brand]
  std::string government = "Pemerintah Kota Bandung";
  std::string hall = "Mal Pelayanan Publik";
  std::string accent = "#0B5C6B";
  std::string help = "Petugas kami di Loket 1.";
  std::string phone = "(022) 555-0142";

  // [catalogue]
  std::string catalogue;  ///< the city's data folder; the installed Bandung data when empty

  // [session]
  int idle_s = 60;     ///< without a touch until the warning
  int warning_s = 20;  ///< countdown before the draft is wiped

  // [sync]
  int base_s = 5;   ///< first pause after a failure
  int cap_s = 900;  ///< longest pause
  int batch = 200;  ///< most events in one request
  int poll_s = 30;  ///< between two looks for news without a failure

  // [remote], and what is in force of it
  Remote remote;
};

/// The documented file with every key and its default.
[[nodiscard]] std::string_view example();

[[nodiscard]] record::Result<Terminal> parse_terminal(std::string_view toml, std::string_view file_name);
/// Puts the values that may be set from afar over those of `terminal`: all, or none and `invalid` with line and key.
[[nodiscard]] record::Result<void> apply_remote(Terminal& terminal, std::string_view toml);
/// At most 64 KiB. With what was set from afar over it (remote.h): trouble with that is told in `remote`, never an
/// error.
[[nodiscard]] record::Result<Terminal> load_terminal(const std::string& path);

}  // namespace anjungan::settings
