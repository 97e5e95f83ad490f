// SPDX-License-Identifier: Apache-2.0
// Terminals, network and centre through trouble that one seed decides, then through calm; what must hold is checked in
// between and at the end:
//   - every number a citizen was given is one complaint at the centre, under the event that made it;
//   - the centre's chain of an honest terminal is that terminal's own, byte for byte, with nothing beside it;
//   - no store is damaged, no terminal's store refuses to open, no chain and no audit has a fault;
//   - no honest terminal is locked or told to enrol anew; a copied disk is locked, and loses nothing that was given out
//     before it was copied.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulation/fleet/scene.h"

namespace anjungan::simulation {

struct FleetTally {
  std::uint64_t seeds = 0;
  std::uint64_t receipts = 0;
  std::uint64_t events = 0;
  std::uint64_t purged = 0;
  std::uint64_t restores = 0;
  std::uint64_t copies_found = 0;
  std::uint64_t carried = 0;  ///< answers on sticks that told a terminal something
  std::uint64_t deaths = 0;   ///< processes killed and machines without power
};

/// What went wrong first; empty when nothing did.
[[nodiscard]] std::string run_fleet(const Scene& scene, std::uint64_t seed, FleetTally& tally);

}  // namespace anjungan::simulation
