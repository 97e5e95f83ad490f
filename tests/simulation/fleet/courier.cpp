// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/fleet/courier.h"

#include "sync/wire/carried.h"

namespace anjungan::simulation {

void Courier::collect(SimulatedTerminal& terminal) {
  for (record::Bytes& file : terminal.write_stick()) m_requests.push_back(std::move(file));
  while (m_requests.size() > k_room) m_requests.pop_front();
}

void Courier::bring() {
  if (m_requests.empty() || !m_centre.runs()) return;
  for (std::uint64_t n = 1 + m_world.below(6); n > 0 && m_centre.runs(); n--) {
    const record::Bytes file = perhaps_spoiled(m_requests[m_world.below(m_requests.size())]);
    const auto carried = m_centre.take_carried(file);
    if (!carried) continue;
    m_answers.push_back(wire::join_carried_answer(file, *carried));
    if (m_answers.size() > k_room) m_answers.pop_front();
  }
}

void Courier::bring_back(SimulatedTerminal& terminal) {
  if (m_answers.empty()) return;
  for (std::uint64_t n = 1 + m_world.below(6); n > 0; n--) {
    terminal.read_stick(perhaps_spoiled(m_answers[m_world.below(m_answers.size())]));
  }
}

record::Bytes Courier::perhaps_spoiled(const record::Bytes& file) {
  record::Bytes out = file;
  if (m_world.chance(90)) return out;
  if (m_world.chance(50)) {
    out.resize(m_world.below(out.size()));
  } else {
    out[m_world.below(out.size())] ^= static_cast<std::uint8_t>(1U << m_world.below(8));
  }
  return out;
}

}  // namespace anjungan::simulation
