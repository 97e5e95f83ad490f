// SPDX-License-Identifier: Apache-2.0
// A printer behind a CUPS queue. cups_printer.cpp is the only file of the project that knows libcups.
//
// Truth: CUPS calls a job completed when its bytes are in a socket's buffer. That is `sent`. It becomes `printed` only
// where the backend itself has seen the paper come out: a `struk:` or IPP device that counted an impression of this
// job. A job that ended in any other way after it began is `unknown`; one that never began is `failed` and may be sent
// anew.
//
// Exactly one: Create-Job alone prints nothing, so only a job whose document was handed over can; its id and uuid are
// the handle. A scheduler that is down, hangs or restarts is `spooler_down`, never an end of the job.
//
// What goes out is what render::encode makes of the page: ESC/POS as application/vnd.cups-raw (no control byte of a
// receipt can be a command), PWG raster, or PDF. Titles are reduced to printable ASCII, at most 200 bytes.
//
// An idle printer's state: what `struk --watch` keeps of it in a file (printer/status), where there is one.
//
// Each call opens a connection of its own and returns within about three seconds. The scheduler is the one libcups
// finds (CUPS_SERVER, client.conf, the system's socket).
#pragma once

#include <string>

#include "printer/render/target.h"
#include "printer/spool/printer.h"
#include "printer/status/status_file.h"

namespace anjungan::spool {

/// A queue as the scheduler has it, for whoever sets it up.
struct CupsQueue {
  bool there = false;
  bool enabled = false;
  bool accepting = false;
  bool shared = false;
  std::string device;        ///< its URI
  std::string error_policy;  ///< "retry-current-job"
  std::string model;         ///< "Local Raw Printer"
  int cancel_after_s = 0;    ///< a job is thrown away then; 0: never
  std::string hold_until;    ///< "no-hold": jobs are not held
  bool limited = false;      ///< it takes only so much of each user
};

/// Fails with `spooler_down`.
[[nodiscard]] Result<CupsQueue> ask_queue(const std::string& queue);

class CupsPrinter final : public Printer {
 public:
  /// The queue need not exist yet, nor CUPS run. `watch` is the folder where idle printers' states are.
  CupsPrinter(std::string queue, const render::Target& target, std::string watch = status::k_folder)
      : m_queue(std::move(queue)), m_target(target), m_watch(std::move(watch)) {}
  /// A printer as most are: pictures for a roll that is cut, PDF for a page.
  CupsPrinter(std::string queue, const receipt::Medium& medium, std::string watch = status::k_folder)
      : CupsPrinter(std::move(queue), render::target_of(medium), std::move(watch)) {}

  [[nodiscard]] const receipt::Medium& medium() const override { return m_target.medium; }
  [[nodiscard]] Result<std::string> submit(const Document& document) override;
  [[nodiscard]] JobView poll(const std::string& handle) override;
  [[nodiscard]] Result<std::optional<std::string>> find(const std::string& title, int attempt) override;
  [[nodiscard]] PrinterView view() override;
  [[nodiscard]] bool changed() override;
  [[nodiscard]] Result<void> cancel(const std::string& handle) override;
  /// cupsenable and cupsaccept: needs the rights of CUPS's administrators (group lpadmin).
  [[nodiscard]] Result<void> resume() override;

 private:
  std::string m_queue;
  render::Target m_target;
  std::string m_watch;
  std::string m_device;  ///< the queue's, as of the last view()
  status::Seen m_seen;   ///< of it, then
};

}  // namespace anjungan::spool
