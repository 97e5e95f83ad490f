// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sync/ctl/doctor.h"

namespace anjungan::ctl {

// Where CUPS keeps its files; a scheduler of one's own has others.
struct CupsPlaces {
  std::string etc = "/etc/cups";
  std::vector<std::string> udev_rules = {"/etc/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d"};
};

// Everything between the kiosk and the paper that can lose a receipt: the scheduler and its settings, the queues of the
// configuration, the backend, the device. Changes nothing; takes at most about 10 s. Run it as root: CUPS's files may
// be read by nobody else.
[[nodiscard]] std::vector<Finding> examine_printers(const settings::Terminal& terminal, const CupsPlaces& places = {});

// `anjunganctl printer doctor`: as `doctor`, of the printers alone.
ExitCode run_printer_doctor(const settings::Terminal& terminal, const CupsPlaces& places, bool json);

}  // namespace anjungan::ctl
