// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/print_news.h"

namespace anjungan::app {

using session::Print;
using spool::JobState;

namespace {

Print print_of(const spool::Snapshot& job) {
  switch (job.state) {
    case JobState::queued:
      return Print::waiting;
    case JobState::sending:
      // While the scheduler is silent, its backend may well be printing.
      if (job.reason.empty() || job.reason == error_keyword(spool::ErrorKind::spooler_down)) return Print::printing;
      return job.begun ? Print::uncertain : Print::not_printed;
    case JobState::sent:
      return Print::sent;
    case JobState::printed:
      return Print::printed;
    case JobState::failed:
      return Print::not_printed;
    case JobState::unknown:
      return Print::uncertain;
  }
  return Print::waiting;
}

/// How far a telling goes: a later one of the same or a higher rank is told.
int rank(Print print) {
  switch (print) {
    case Print::waiting:
    case Print::printing:
      return 0;
    case Print::not_printed:
      return 1;
    case Print::uncertain:
      return 2;
    case Print::printed:
    case Print::sent:
      return 3;
  }
  return 0;
}

}  // namespace

session::PrintChanged print_news(const spool::Snapshot& job, bool elsewhere) {
  return {job.job, print_of(job), job.reason, elsewhere};
}

bool is_news(const session::PrintChanged& now, const session::PrintChanged& told) {
  if (now.job != told.job) return true;
  if (rank(now.print) < rank(told.print)) return false;
  return now.print != told.print || now.reason != told.reason || now.elsewhere != told.elsewhere;
}

}  // namespace anjungan::app
