// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>

#include "sync/catalogue/catalogue.h"
#include "sync/slip/slip.h"

namespace anjungan::ctl {

// The folder itself, or the city that comes with the program when it is empty.
[[nodiscard]] std::string catalogue_folder(const std::string& configured);

// An invented complaint, through the same store as the kiosk, with as many invented photos; its receipt is queued for
// `printer`.
[[nodiscard]] record::Result<store::Issued> file_sample(store::IntakeStore& store,
                                                        const catalogue::Catalogue& catalogue,
                                                        const store::Identity& identity, const slip::Hall& hall,
                                                        const std::string& printer, std::mt19937_64& random,
                                                        int photos = 0);

}  // namespace anjungan::ctl
