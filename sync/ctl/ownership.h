// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sync/record/result.h"

namespace anjungan::ctl {

// A technician enrols as root, but the kiosk and the agent run as users of their own, and each key file may be read by
// its one user only. Where the users of image/units/sysusers.conf exist and the caller is root, hands keys and
// databases over: receipt.key, staff.pin and the folder to `anjungan`, device.key and sync.db to `anjungan-sync`,
// everything to the group `anjungan`. Does nothing for any other caller or on a machine without these users.
[[nodiscard]] record::Result<void> give_to_services(const std::string& data_folder);

}  // namespace anjungan::ctl
