// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>

#include "sync/catalogue/catalogue.h"
#include "sync/record/complaint.h"

namespace anjungan::ctl {

// An invented complaint that passes every check of the kiosk: a topic and a place of the catalogue, a story that fits a
// street anywhere, a person who does not exist (NIK of region 00, telephone numbers of a block given out to nobody).
[[nodiscard]] record::Complaint sample_complaint(const catalogue::Catalogue& catalogue, std::mt19937_64& random);

}  // namespace anjungan::ctl
