// SPDX-License-Identifier: Apache-2.0
// One terminal, kiosk and agent, and its centre, without a network in between.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sync/agent/uplink.h"
#include "sync/central/ingest/centre.h"
#include "sync/store/intake_store.h"

namespace anjungan::test {

/// Posts to a centre in this process.
class DirectTransport final : public agent::Transport {
 public:
  explicit DirectTransport(const std::unique_ptr<central::Centre>& centre) : m_centre(centre) {}
  record::Result<agent::HttpAnswer> post(std::string_view path, record::ByteView body, const Headers& headers) override;
  /// Whether the answer to this request is lost on its way.
  std::function<bool(std::string_view path)> loses;
  std::size_t rotations = 0;  ///< that were sent

 private:
  const std::unique_ptr<central::Centre>& m_centre;
};

/// Kiosk and agent as one program, which knows nothing but what is on the disk.
class Life {
 public:
  Life(const std::string& folder, agent::Transport& transport, const record::Clock& clock);
  void order(store::KeysToGo which);
  /// A complaint is filed: its receipt's URL.
  std::string file();
  /// One round of both: the kiosk looks at its keys, the agent exchanges, the kiosk looks again.
  agent::Exchange round();
  /// Rounds until nothing waits and no change is under way.
  void settle();
  [[nodiscard]] agent::Uplink& uplink() { return *m_uplink; }

 private:
  std::string m_folder;
  std::unique_ptr<store::IntakeStore> m_kiosk;
  std::optional<agent::Uplink> m_uplink;
};

class Hall {
 public:
  Hall();
  ~Hall();
  Hall(const Hall&) = delete;
  Hall& operator=(const Hall&) = delete;

  void open_centre();
  /// It comes back from what was backed up to path("backup").
  void restore_centre();
  [[nodiscard]] std::string path(const std::string& name) const { return m_folder + "/" + name; }
  [[nodiscard]] std::string terminal() const { return path("terminal"); }
  [[nodiscard]] store::Identity identity() const { return store::load_identity(terminal()).value(); }
  [[nodiscard]] central::Device device() const { return centre->devices().value().at(0); }
  [[nodiscard]] central::Verdict verdict(const std::string& url) const {
    return centre->look_at_receipt(url).value().verdict;
  }
  /// Terminal and centre hold the same keys, nothing of a change is left lying, and what was filed is there.
  void expect_settled() const;

  std::unique_ptr<central::Centre> centre;
  record::SystemClock clock;
  DirectTransport direct{centre};

 private:
  std::string m_folder;
};

}  // namespace anjungan::test
