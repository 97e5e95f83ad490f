// SPDX-License-Identifier: Apache-2.0
// What administrators have ordered a terminal to do, and what became of it. One small document a terminal, kept under
// the lock of its device: there are few, and nobody asks for them but the administrator.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/central/store/store.h"
#include "sync/record/command.h"

namespace anjungan::central {

struct OrderedCommand {
  std::string id;
  std::string device;
  std::string what;  ///< "restart kiosk"
  std::string by;
  std::int64_t ordered_ms = 0;
  std::int64_t expires_ms = 0;
  std::int64_t cancelled_ms = 0;  ///< 0: it was not taken back
  std::string cancelled_by;
  std::string outcome;  ///< a record::CommandEnd; empty while the terminal has not told
  std::string reason;
  std::int64_t outcome_ms = 0;  ///< when it came to its end, by the terminal's corrected clock
  bool received = false;        ///< the terminal has it; told by look-ups, never written
};

/// A terminal's commands, the oldest first.
[[nodiscard]] record::Result<std::vector<OrderedCommand>> command_log(Reader& store, std::string_view device);
/// Notes one more; forgets the oldest that nothing is expected of any more. `conflict` when too many wait.
[[nodiscard]] record::Result<void> note_ordered(Writer& store, const OrderedCommand& command, std::int64_t now_ms);
[[nodiscard]] record::Result<void> note_cancelled(Writer& store, std::string_view device, std::string_view id,
                                                  const std::string& who, std::int64_t now_ms);
/// What the terminal's event device.command says. The first word holds; of a command that is not in the log (the centre
/// came back from a backup) nothing is noted.
[[nodiscard]] record::Result<void> note_outcome(Writer& store, std::string_view device,
                                                const record::CommandOutcome& outcome, std::int64_t at_ms);
/// A terminal's log into another store, as it is.
[[nodiscard]] record::Result<void> copy_command_log(Reader& from, Writer& to, std::string_view device);

}  // namespace anjungan::central
