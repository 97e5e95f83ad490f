// SPDX-License-Identifier: Apache-2.0
// A printer without hardware: every job becomes a PNG (one pixel a dot) and a PDF in a folder, whole or not at all.
//
// A file `state` in the folder plays the device: "ready" (or no file), "low-paper", "media-empty", "cover-open",
// "offline", "paused". For demonstrations and tests, and for halls that want their receipts as files.
#pragma once

#include <memory>
#include <string>

#include "printer/spool/printer.h"

namespace anjungan::spool {

class VirtualPrinter final : public Printer {
 public:
  /// Makes the folder. Fails with `disk`.
  [[nodiscard]] static Result<std::unique_ptr<VirtualPrinter>> open(const std::string& folder,
                                                                    const receipt::Medium& medium);

  [[nodiscard]] const receipt::Medium& medium() const override { return m_medium; }
  [[nodiscard]] Result<std::string> submit(const Document& document) override;
  [[nodiscard]] JobView poll(const std::string& handle) override;
  [[nodiscard]] Result<std::optional<std::string>> find(const std::string& title, int attempt) override;
  [[nodiscard]] PrinterView view() override;
  /// A job ends in submit().
  [[nodiscard]] Result<void> cancel(const std::string& /*handle*/) override { return {}; }
  /// Takes the word "paused" out of the file `state`.
  [[nodiscard]] Result<void> resume() override;

 private:
  VirtualPrinter(std::string folder, const receipt::Medium& medium) : m_folder(std::move(folder)), m_medium(medium) {}

  std::string m_folder;
  receipt::Medium m_medium;
};

}  // namespace anjungan::spool
