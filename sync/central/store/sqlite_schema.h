// SPDX-License-Identifier: Apache-2.0
// The tables of central.db.
#pragma once

#include "sync/store/database.h"

namespace anjungan::central {

[[nodiscard]] record::Result<void> ensure_central_schema(store::Database& database);

}  // namespace anjungan::central
