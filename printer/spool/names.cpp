// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/printer.h"

namespace anjungan::spool {

const char* error_keyword(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::offline:
      return "offline";
    case ErrorKind::paper:
      return "media-empty";
    case ErrorKind::cover:
      return "cover-open";
    case ErrorKind::paused:
      return "paused";
    case ErrorKind::rejected:
      return "rejected";
    case ErrorKind::spooler_down:
      return "spooler-down";
    case ErrorKind::disk:
      return "disk";
    case ErrorKind::unknown:
      return "unknown";
  }
  return "unknown";
}

const char* job_state_name(JobState state) {
  switch (state) {
    case JobState::queued:
      return "queued";
    case JobState::sending:
      return "sending";
    case JobState::sent:
      return "sent";
    case JobState::printed:
      return "printed";
    case JobState::failed:
      return "failed";
    case JobState::unknown:
      return "unknown";
  }
  return "unknown";
}

const char* condition_name(Condition condition) {
  switch (condition) {
    case Condition::ready:
      return "ready";
    case Condition::low_paper:
      return "low-paper";
    case Condition::no_paper:
      return "media-empty";
    case Condition::cover_open:
      return "cover-open";
    case Condition::offline:
      return "offline";
    case Condition::paused:
      return "paused";
    case Condition::error:
      return "error";
    case Condition::spooler_down:
      return "spooler-down";
    case Condition::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace anjungan::spool
