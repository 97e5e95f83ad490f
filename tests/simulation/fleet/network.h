// SPDX-License-Identifier: Apache-2.0
// What lies between terminals and centre: loses, repeats, delays, cuts and spoils messages, and sometimes answers by
// itself.
#pragma once

#include <deque>
#include <string>

#include "sync/agent/http_client.h"
#include "tests/simulation/fleet/centre.h"
#include "tests/simulation/fleet/world.h"

namespace anjungan::simulation {

class SimulatedNetwork {
 public:
  SimulatedNetwork(World& world, SimulatedCentre& centre) : m_world(world), m_centre(centre) {}

  /// Of a hundred messages so many meet with trouble.
  void set_trouble(unsigned percent) { m_trouble = percent; }

  record::Result<agent::HttpAnswer> carry(std::string_view path, record::ByteView message);
  /// A message that was underway all the time arrives; its answer finds nobody.
  void deliver_late();

 private:
  struct Letter {
    std::string path;
    record::Bytes message;
  };
  record::Result<agent::HttpAnswer> hand_over(const Letter& letter);
  record::Result<agent::HttpAnswer> cut(agent::HttpAnswer answer);
  void keep(Letter letter);

  World& m_world;
  SimulatedCentre& m_centre;
  unsigned m_trouble = 0;
  std::deque<Letter> m_underway;
  std::deque<record::Bytes> m_answers;  ///< earlier ones, whoever they were for
};

/// One terminal's end of it.
class Line final : public agent::Transport {
 public:
  explicit Line(SimulatedNetwork& network) : m_network(network) {}
  record::Result<agent::HttpAnswer> post(std::string_view path, record::ByteView body, const Headers&) override {
    return m_network.carry(path, body);
  }

 private:
  SimulatedNetwork& m_network;
};

}  // namespace anjungan::simulation
