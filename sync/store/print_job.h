// SPDX-License-Identifier: Apache-2.0
// A print job as it lives in intake.db.
#pragma once

#include <cstdint>
#include <string>

#include "sync/record/result.h"
#include "sync/record/tracking_number.h"

namespace anjungan::store {

/// Honest names: `sent` is not `printed`, and `unknown` is what is left when a confirmation was lost.
enum class PrintState { queued, sending, sent, printed, failed, unknown, voided };

[[nodiscard]] const char* print_state_name(PrintState state);
[[nodiscard]] record::Result<PrintState> parse_print_state(std::string_view name);

struct PrintJob {
  std::int64_t id = 0;
  record::TrackingNumber number;
  int copy = 0;         ///< 0: the first; n: "CETAK ULANG n"
  int mark = 0;         ///< n: printed again, for nobody knows what became of the one before; "CETAK ULANG copy + n"
  std::string printer;  ///< the terminal's name of it; moved to another one by update_job
  PrintState state = PrintState::queued;
  int attempt = 0;
  std::string handle;  ///< the printer's own name of the job, for finding it again after a crash
  std::string reason;  ///< the printer's keyword for the last state
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;
  int length_mm = 0;  ///< of paper that this attempt takes; 0 once it is counted

  /// Nothing follows any more.
  [[nodiscard]] bool settled() const {
    return state == PrintState::printed || state == PrintState::sent || state == PrintState::voided;
  }
};

/// What the terminal remembers of one printer.
struct PrinterNote {
  std::string name;
  std::int64_t paused_ms = 0;   ///< since when staff want nothing printed there; 0: not paused
  std::int64_t used_mm = 0;     ///< of paper since it was changed
  std::int64_t changed_ms = 0;  ///< when staff said so last; 0: never
};

}  // namespace anjungan::store
