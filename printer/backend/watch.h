// SPDX-License-Identifier: Apache-2.0
// Whether something befell a receipt between its first byte and its confirmation. A printer that went on by itself
// after paper or cover failed confirms the receipt like any other, but the person holds two pieces: so a fault that
// has passed must be known too.
//
// A clear line tells of every change by itself (GS a), and once is enough. Where that cannot be relied upon, because
// the line carries rubbish or the model knows no GS a, what cannot be explained counts as a fault: the receipt is
// printed again, marked, which is better than half a one.
#pragma once

#include <cstdint>
#include <optional>

#include "printer/backend/answers.h"

namespace anjungan::backend {

class Watch {
 public:
  using Ms = std::int64_t;  ///< of a steady clock

  /// `slack_ms`: how much longer than a network a slow line needs for a question and its answer.
  Watch(Ms slack_ms, const Answers& answers, Ms now);

  /// The printer has taken bytes.
  void moved(Ms now) { m_moved = now; }
  /// Why nobody can know any more what is on paper; nothing while all is well.
  [[nodiscard]] std::optional<const char*> broken(const Answers& answers, Ms now);
  /// A fault was told once, on a line where once is not enough: ask now.
  [[nodiscard]] bool in_doubt() const { return m_doubt.has_value(); }
  /// Since it last said or took anything.
  [[nodiscard]] Ms silent_ms(Ms now) const;
  /// Since it last said anything.
  [[nodiscard]] Ms mute_ms(Ms now) const { return now - m_heard; }

 private:
  Ms m_slack;
  int m_faults;
  int m_statuses;
  int m_news;
  Ms m_heard;
  Ms m_moved;
  std::optional<Ms> m_doubt;
};

}  // namespace anjungan::backend
