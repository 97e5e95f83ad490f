// SPDX-License-Identifier: Apache-2.0
// One receipt to one printer, to an end that is known.
//
// Before the first byte it waits for ever: paper, cover, power, another user of the device. From the first byte to the
// confirmation every fault makes the outcome open: the job ends as `canceled`, which CUPS never repeats, and who sent
// it decides. The journal says across crashes whether the first byte was sent.
#pragma once

#include <string>

#include "printer/backend/commands.h"
#include "printer/backend/device.h"
#include "printer/backend/scheduler.h"
#include "printer/profile/profile.h"

namespace anjungan::backend {

struct Work {
  Address address;
  profile::Profile profile;
  std::string job;  ///< its uuid
  Bytes bytes;
};

[[nodiscard]] Exit print(const Work& work);

}  // namespace anjungan::backend
