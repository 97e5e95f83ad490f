// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/watch.h"

#include <algorithm>

namespace anjungan::backend {
namespace {

constexpr Watch::Ms k_doubt_ms = 250;   // an answer that comes later may have waited until the fault was over
constexpr Watch::Ms k_noisy_ms = 600;   // of silence on a line that carries rubbish
constexpr Watch::Ms k_deaf_ms = 1'000;  // of silence from a model that does not tell by itself
constexpr Watch::Ms k_stalled_ms = 15'000;

}  // namespace

Watch::Watch(Ms slack_ms, const Answers& answers, Ms now)
    : m_slack(slack_ms),
      m_faults(answers.faults()),
      m_statuses(answers.statuses()),
      m_news(answers.news()),
      m_heard(now),
      m_moved(now) {}

Watch::Ms Watch::silent_ms(Ms now) const { return now - std::max(m_heard, m_moved); }

std::optional<const char*> Watch::broken(const Answers& answers, Ms now) {
  const bool noisy = answers.strays() > 0;
  const bool spoke = answers.statuses() != m_statuses;
  if (spoke) {
    m_statuses = answers.statuses();
    m_heard = now;
  }
  const int told = answers.faults() - m_faults;
  if (told >= (noisy ? 2 : 1)) return "the printer stopped in the middle";
  // What it tells unasked is a change. On a clear line near-end is one; here the fault before it was not heard.
  if (noisy && answers.news() != m_news) return "the printer stopped in the middle, and the line carries rubbish";
  if (m_doubt && now - *m_doubt > k_doubt_ms + m_slack) return "the printer stopped in the middle, or seemed to";
  if (told == 1 && !m_doubt) {
    m_doubt = now;
  } else if (m_doubt && spoke && !answers.told_fault()) {
    m_doubt.reset();
    m_faults = answers.faults();
  }
  const Ms patience = noisy ? k_noisy_ms : answers.automatics() == 0 ? k_deaf_ms : k_stalled_ms;
  if (silent_ms(now) > patience + m_slack) {
    return patience == k_stalled_ms ? "the printer takes nothing and says nothing any more"
                                    : "the printer paused in the middle and cannot say why";
  }
  return std::nullopt;
}

}  // namespace anjungan::backend
