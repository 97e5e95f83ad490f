// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/fleet/network.h"

#include "sync/wire/http.h"

namespace anjungan::simulation {
namespace {

using record::ErrorKind;
using record::fail;
using Answer = record::Result<agent::HttpAnswer>;

constexpr std::size_t k_most_kept = 12;

enum class Trouble {
  request_lost,
  request_cut,
  request_spoiled,
  request_late,
  answer_lost,
  answer_cut,
  answer_spoiled,
  answer_of_another,
  twice,
  twice_later,
  captive_portal,
  count,
};

}  // namespace

Answer SimulatedNetwork::hand_over(const Letter& letter) {
  central::Reply reply = m_centre.take(letter.path, letter.message);
  if (reply.status == 0) return fail(ErrorKind::unavailable, "connection refused");
  m_answers.push_back(reply.body);
  if (m_answers.size() > k_most_kept) m_answers.pop_front();
  return agent::HttpAnswer{static_cast<long>(reply.status), std::string(wire::k_content_type), std::move(reply.body),
                           std::chrono::seconds(reply.retry_after_s)};
}

void SimulatedNetwork::keep(Letter letter) {
  m_underway.push_back(std::move(letter));
  if (m_underway.size() > k_most_kept) m_underway.pop_front();
}

Answer SimulatedNetwork::cut(agent::HttpAnswer answer) {
  // A client that knows the length calls it an error, one behind a careless proxy gets what there is.
  if (answer.body.empty() || m_world.chance(50)) return fail(ErrorKind::unavailable, "connection closed");
  answer.body.resize(m_world.below(answer.body.size()));
  return answer;
}

Answer SimulatedNetwork::carry(std::string_view path, record::ByteView message) {
  Letter letter{std::string(path), record::Bytes(message.begin(), message.end())};
  m_world.pass(static_cast<std::int64_t>(20 + m_world.below(2'000)));
  if (!m_world.chance(m_trouble)) return hand_over(letter);
  switch (static_cast<Trouble>(m_world.below(static_cast<std::uint64_t>(Trouble::count)))) {
    case Trouble::request_late:
      keep(std::move(letter));
      [[fallthrough]];
    case Trouble::request_lost:
      return fail(ErrorKind::unavailable, "timed out");
    case Trouble::request_cut:
      letter.message.resize(m_world.below(letter.message.size()));
      return hand_over(letter);
    case Trouble::request_spoiled:
      letter.message[m_world.below(letter.message.size())] ^= static_cast<std::uint8_t>(1 + m_world.below(255));
      return hand_over(letter);
    case Trouble::answer_lost:
      static_cast<void>(hand_over(letter));
      return fail(ErrorKind::unavailable, "timed out");
    case Trouble::answer_cut: {
      auto answer = hand_over(letter);
      return answer ? cut(*std::move(answer)) : answer;
    }
    case Trouble::answer_spoiled: {
      auto answer = hand_over(letter);
      if (answer && !answer->body.empty()) {
        answer->body[m_world.below(answer->body.size())] ^= static_cast<std::uint8_t>(1 + m_world.below(255));
      }
      return answer;
    }
    case Trouble::answer_of_another: {
      auto answer = hand_over(letter);
      if (answer) answer->body = m_answers[m_world.below(m_answers.size())];
      return answer;
    }
    case Trouble::twice:
      static_cast<void>(hand_over(letter));
      return hand_over(letter);
    case Trouble::twice_later:
      keep(letter);
      return hand_over(letter);
    case Trouble::captive_portal:
    case Trouble::count:
      break;
  }
  return agent::HttpAnswer{200, "text/html", record::Bytes(40, '<'), {}};
}

void SimulatedNetwork::deliver_late() {
  if (m_underway.empty()) return;
  const auto at = m_underway.begin() + static_cast<std::ptrdiff_t>(m_world.below(m_underway.size()));
  const Letter letter = std::move(*at);
  m_underway.erase(at);
  static_cast<void>(hand_over(letter));
}

}  // namespace anjungan::simulation
