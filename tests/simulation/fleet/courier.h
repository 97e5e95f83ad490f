// SPDX-License-Identifier: Apache-2.0
// Somebody with a stick between terminals and centre: late, in any order, again and again, and careless with files.
#pragma once

#include <deque>

#include "tests/simulation/fleet/centre.h"
#include "tests/simulation/fleet/terminal.h"
#include "tests/simulation/fleet/world.h"

namespace anjungan::simulation {

class Courier {
 public:
  Courier(World& world, SimulatedCentre& centre) : m_world(world), m_centre(centre) {}

  /// Copies what a terminal writes to the stick.
  void collect(SimulatedTerminal& terminal);
  /// Hands some of the requests to the centre, if it runs, and keeps all of them.
  void bring();
  /// Hands some of the answers to a terminal, its own or another's, and keeps all of them.
  void bring_back(SimulatedTerminal& terminal);

 private:
  static constexpr std::size_t k_room = 40;

  record::Bytes perhaps_spoiled(const record::Bytes& file);

  World& m_world;
  SimulatedCentre& m_centre;
  std::deque<record::Bytes> m_requests;
  std::deque<record::Bytes> m_answers;
};

}  // namespace anjungan::simulation
