// SPDX-License-Identifier: Apache-2.0
// From one kind of database to the other: everything that is no projection is copied, the projections are made anew.
#pragma once

#include "sync/catalogue/catalogue.h"
#include "sync/central/ingest/keys.h"
#include "sync/central/store/store.h"

namespace anjungan::central {

struct Copied {
  std::uint64_t devices = 0;
  std::uint64_t events = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t audit = 0;
};

/// `to` must be empty (`conflict` otherwise), and nobody writes to `from` meanwhile. Compares at the end what came with
/// what is there. The copy begins a new epoch: terminals compare, and send what the old one may still have taken.
[[nodiscard]] record::Result<Copied> copy_store(Store& from, Store& to, const Keys& keys,
                                                const catalogue::Catalogue& catalogue);

}  // namespace anjungan::central
