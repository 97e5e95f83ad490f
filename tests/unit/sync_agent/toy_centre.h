// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sync/agent/http_client.h"
#include "sync/store/identity.h"
#include "sync/store/intake_store.h"
#include "sync/wire/enrol.h"
#include "sync/wire/key_manifest.h"
#include "sync/wire/question.h"
#include "sync/wire/sync_answer.h"
#include "sync/wire/sync_request.h"

namespace anjungan::test {

// The least a centre can be: one device, everything in memory, PROTOCOL.md to the letter. Tests bend its answers
// through `before_signing`. Thread-safe.
class ToyCentre {
 public:
  static constexpr std::int64_t k_server_ms = 1'786'512'720'000;  // its clock, which stands still

  ToyCentre();

  struct Reply {
    int status = 200;
    record::Bytes body;
  };
  Reply handle(const std::string& path, const record::Bytes& body);

  // Called with each sync answer before it is signed.
  std::function<void(wire::SyncAnswer&)> before_signing;
  // Answers questions for this code hash with this case; every other one is unknown.
  record::Hash known_code{};
  std::string known_case;

  [[nodiscard]] std::map<std::uint64_t, record::Bytes> events() const;
  // Waits until that many events are there; false after 20 s.
  [[nodiscard]] bool wait_for_events(std::size_t count) const;
  [[nodiscard]] std::size_t sync_requests() const;
  [[nodiscard]] bool wait_for_sync_requests(std::size_t count) const;
  [[nodiscard]] std::size_t questions() const;
  // The last sync request whose proof held.
  [[nodiscard]] wire::SyncRequest last_request() const;

  void tell(wire::FeedItem item);
  // As after restoring a backup: forgets every event with a seq for which `lost` says so, and changes the epoch.
  void restore(const std::function<bool(std::uint64_t seq)>& lost);
  // Lets the enrolment that waits through.
  void confirm();
  void expect_code(const wire::EnrolCode& code);

  // Keys that do not change: root, signing key and the terminal's two keys.
  [[nodiscard]] const record::SigningKey& root() const { return m_root; }
  [[nodiscard]] const record::SigningKey& signing_key() const { return m_signing; }
  [[nodiscard]] const record::SealingKey& sealing_key() const { return m_sealing; }
  [[nodiscard]] record::Bytes manifest(std::uint64_t serial, const record::SigningKey& signer,
                                       const record::PublicKey& signing_key) const;
  // The terminal's identity and keys, written to `data_folder` as an enrolment would have.
  store::Identity settle_terminal(const std::string& data_folder);

 private:
  Reply sync(const record::Bytes& body);
  Reply question(const record::Bytes& body);
  Reply enrol(const record::Bytes& body);
  void ingest(const wire::SyncRequest& request, wire::SyncAnswer& answer);
  wire::TerminalGrant grant() const;

  mutable std::mutex m_mutex;
  mutable std::condition_variable m_changed;
  record::SigningKey m_root;
  record::SigningKey m_signing;
  record::SealingKey m_sealing;
  record::PublicKey m_device_key{};
  std::map<std::uint64_t, record::Bytes> m_events;
  std::vector<wire::FeedItem> m_feed;
  wire::Epoch m_epoch{};
  std::uint64_t m_given_counter = 1;
  bool m_locked = false;
  std::size_t m_sync_requests = 0;
  std::size_t m_questions = 0;
  wire::SyncRequest m_last_request;
  std::vector<wire::EnrolCode> m_codes;
  record::Hash m_bound_request{};
  bool m_confirmed = false;
};

// Hands requests to the toy centre without a socket; `reply` may spoil what comes back.
class DirectTransport final : public agent::Transport {
 public:
  explicit DirectTransport(ToyCentre& centre) : m_centre(centre) {}
  std::function<record::Result<agent::HttpAnswer>(agent::HttpAnswer)> spoil;

  record::Result<agent::HttpAnswer> post(std::string_view path, record::ByteView body, const Headers& headers) override;

 private:
  ToyCentre& m_centre;
};

// The kiosk's side of the same terminal: makes events in intake.db.
class Kiosk {
 public:
  Kiosk(const std::string& data_folder, const std::string& runtime_folder, const store::Identity& identity);
  // Appends that many events.
  void add(int count);
  void ask(const store::Question& question);
  void end_command(const record::CommandOutcome& outcome);
  // Forgets the bytes of the events before `seq`, as after 90 days.
  void purge(std::uint64_t seq);
  [[nodiscard]] std::uint64_t last_seq() const { return m_store->last_seq(); }

 private:
  std::unique_ptr<store::IntakeStore> m_store;
};

// A folder of this test's own, removed on destruction.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] std::string path(const std::string& name) const { return m_path + "/" + name; }

 private:
  std::string m_path;
};

}  // namespace anjungan::test
