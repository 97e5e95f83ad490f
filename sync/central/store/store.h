// SPDX-License-Identifier: Apache-2.0
// The centre's memory behind one interface, which SQLite implements here and a database server can implement beside it.
//
// Events are append-only and kept verbatim; complaints, steps and receipts are projections of them. Only the uniqueness
// of (device, seq) and of an event's id decides what is a duplicate, never a look-up before an insert.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/record/event.h"
#include "sync/wire/enrol_code.h"
#include "sync/wire/identifiers.h"
#include "sync/wire/sync_answer.h"

namespace anjungan::central {

enum class DeviceState { pending = 1, active = 2, locked = 3, revoked = 4 };
[[nodiscard]] const char* device_state_name(DeviceState state);

/// One enrolment of one terminal.
struct Device {
  wire::DeviceId id;
  DeviceState state = DeviceState::pending;
  std::string office;
  std::string place;
  std::string software;
  record::PublicKey receipt_key{};
  record::PublicKey device_key{};
  std::uint64_t join_counter = 0;  ///< what the next request must carry
  std::uint64_t acked_seq = 0;     ///< highest contiguous durable event
  record::Hash acked_hash{};       ///< of it
  std::uint64_t told_seq = 0;      ///< newest event the terminal says it holds
  std::uint64_t revoked_from = 0;  ///< events from this seq on are quarantined; 0 = none
  std::int64_t enrolled_ms = 0;
  std::int64_t seen_ms = 0;          ///< last verified request; 0 = never
  std::int64_t clock_offset_ms = 0;  ///< centre's time minus the terminal's
  std::uint64_t duplicates = 0;      ///< counters since enrolment
  std::uint64_t conflicts = 0;
  std::uint64_t quarantined = 0;
};

struct EnrolCodeRow {
  wire::EnrolCode::LookupId lookup{};
  wire::EnrolCode::MacKey mac_key{};
  std::string office;
  std::string place;
  std::uint16_t region = 0;
  std::int64_t expires_ms = 0;
  std::optional<wire::DeviceId> device;  ///< set by the first terminal that uses it
};

/// A complaint as the public may know it: nothing personal.
struct ComplaintRow {
  std::string number;  ///< 3273-0012-000427-5
  std::string device;
  std::uint64_t seq = 0;  ///< of complaint.created
  record::Uuid subject;
  std::string kind;  ///< complaint, aspiration, information
  std::string category;
  std::string privacy;
  std::string language;
  std::string office;
  std::string district;
  std::int64_t received_ms = 0;  ///< corrected by the terminal's clock offset
  int utc_offset_min = 420;
  std::optional<record::DueDates> due;
  std::string status;  ///< cases.h
  std::string agency;  ///< id; empty before disposition
};

/// One thing that happened to a complaint, in order.
struct Step {
  std::string kind;  ///< received, verified, disposed, followup, resolved, closed
  std::int64_t at_ms = 0;
  std::string agency;  ///< id, may be empty
  std::string text;    ///< what staff wrote for the public, may be empty
  std::string evidence;
};

/// One receipt that was issued for a complaint; a reissue voids those before it.
struct ReceiptRow {
  std::string number;
  std::string device;
  std::uint64_t seq = 0;  ///< of the event that issued it
  record::Hash secret_hash{};
  record::Hash code_hmac{};
  bool voided = false;
};

struct AuditRow {
  std::int64_t at_ms = 0;
  std::string who;
  std::string what;  ///< verb and number, never personal data
};

enum class Inserted { stored, duplicate, conflict };

class Reader {
 public:
  virtual ~Reader() = default;
  template <class T>
  using Result = record::Result<T>;

  [[nodiscard]] virtual Result<std::optional<record::Bytes>> meta(std::string_view key) = 0;
  [[nodiscard]] virtual Result<std::optional<Device>> device(const wire::DeviceId& id) = 0;
  [[nodiscard]] virtual Result<std::vector<Device>> devices() = 0;
  [[nodiscard]] virtual Result<std::optional<EnrolCodeRow>> enrol_code(const wire::EnrolCode::LookupId& lookup) = 0;
  [[nodiscard]] virtual Result<std::optional<record::Bytes>> event(std::string_view device, std::uint64_t seq) = 0;
  [[nodiscard]] virtual Result<std::uint64_t> event_count(std::string_view device) = 0;
  /// Seq and hash of a device's newest event; zeros when it has none.
  [[nodiscard]] virtual Result<std::pair<std::uint64_t, record::Hash>> head(std::string_view device) = 0;
  [[nodiscard]] virtual Result<std::optional<ComplaintRow>> complaint(std::string_view number) = 0;
  [[nodiscard]] virtual Result<std::vector<ComplaintRow>> complaints(std::string_view status, std::size_t most) = 0;
  [[nodiscard]] virtual Result<std::vector<Step>> steps(std::string_view number) = 0;
  [[nodiscard]] virtual Result<std::optional<ReceiptRow>> receipt_by_secret(const record::Hash& secret_hash) = 0;
  [[nodiscard]] virtual Result<std::optional<ReceiptRow>> receipt_by_code(const record::Hash& code_hmac) = 0;
  [[nodiscard]] virtual Result<std::vector<wire::FeedItem>> feed(std::string_view device, std::uint64_t after,
                                                                 std::size_t most) = 0;
};

/// The changes of one transaction.
class Writer : public Reader {
 public:
  [[nodiscard]] virtual Result<void> set_meta(std::string_view key, record::ByteView value) = 0;
  [[nodiscard]] virtual Result<void> put_device(const Device& device) = 0;
  [[nodiscard]] virtual Result<std::uint16_t> next_terminal(std::uint16_t region) = 0;
  [[nodiscard]] virtual Result<void> put_enrol_code(const EnrolCodeRow& code) = 0;
  /// Decided by the unique keys: `conflict` when other bytes hold (device, seq) or the id.
  [[nodiscard]] virtual Result<Inserted> insert_event(std::string_view device, std::uint64_t seq,
                                                      const record::Uuid& id, record::ByteView bytes,
                                                      const record::Hash& hash) = 0;
  [[nodiscard]] virtual Result<void> quarantine(std::string_view device, std::uint64_t seq, record::ByteView bytes,
                                                std::string_view why, std::int64_t at_ms) = 0;
  [[nodiscard]] virtual Result<void> put_complaint(const ComplaintRow& complaint) = 0;
  [[nodiscard]] virtual Result<void> add_step(std::string_view number, const Step& step) = 0;
  [[nodiscard]] virtual Result<void> add_receipt(const ReceiptRow& receipt) = 0;
  [[nodiscard]] virtual Result<void> void_receipts(std::string_view number, std::uint64_t before_seq) = 0;
  [[nodiscard]] virtual Result<void> add_feed(std::string_view device, std::string_view kind, std::string_view subject,
                                              record::ByteView body) = 0;
  /// Each row holds the hash of the one before: an edit or a removal shows.
  [[nodiscard]] virtual Result<void> add_audit(const AuditRow& row) = 0;
};

/// Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  /// Runs `work` in a transaction and returns when it is durable (or with work's error, nothing changed). Works of
  /// several threads may share one commit.
  [[nodiscard]] virtual record::Result<void> write(std::function<record::Result<void>(Writer&)> work) = 0;

  /// Runs `work` on a consistent view. It sees everything whose write() has returned.
  [[nodiscard]] virtual record::Result<void> read(const std::function<record::Result<void>(Reader&)>& work) = 0;
};

/// SQLite in one file: one writer thread with group commit, readers apart. Takes the folder's lock.
[[nodiscard]] record::Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& folder);

}  // namespace anjungan::central
