// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "sync/settings/settings.h"
#include "sync/store/intake_store.h"

namespace anjungan::ctl {

// The terminal's store, written by this process until it ends: `conflict` while the kiosk runs. Root first becomes the
// folder's owner for the rest of the process (its effective user), so that the kiosk can read what is made here.
[[nodiscard]] record::Result<std::unique_ptr<store::IntakeStore>> own_store(const settings::Terminal& terminal,
                                                                            const store::Identity& identity);

}  // namespace anjungan::ctl
