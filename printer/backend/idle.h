// SPDX-License-Identifier: Apache-2.0
// struk --watch: looks at idle printers again and again, and keeps what they say in files (printer/status).
//
// CUPS knows a printer only while a job runs there; paper that ran out with the last receipt would be found out by the
// next citizen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "printer/backend/probe.h"

namespace anjungan::backend {

/// What one look after another amounts to, for one printer.
class Idle {
 public:
  using Ms = std::int64_t;  ///< of a steady clock

  /// The word for the file; nothing as long as nothing is known.
  [[nodiscard]] std::optional<std::string> saw(const Look& look, Ms now);
  /// Until the next look. A model that never says a word is hardly asked: some print what they do not understand.
  [[nodiscard]] Ms pause_ms() const { return m_pause; }

 private:
  [[nodiscard]] std::string missed(const Look& look, Ms now);

  std::string m_word;
  bool m_spoke = false;
  std::optional<Ms> m_missed;  ///< since when looks have found nobody
  Ms m_pause = 0;
};

/// The devices of CUPS's struk queues, from what lpstat -v prints in English.
[[nodiscard]] std::vector<std::string> uris_in(const std::string& lpstat);

/// Until SIGTERM or SIGINT; the process's exit status. Without `uris` those of CUPS's queues, asked for again and
/// again.
[[nodiscard]] int watch_idle(const std::string& folder, const std::vector<std::string>& uris);

}  // namespace anjungan::backend
