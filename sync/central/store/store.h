// SPDX-License-Identifier: Apache-2.0
// The centre's memory behind one interface: SQLite in one file (sqlite_*.cpp) or PostgreSQL for several instances of
// the centre (postgres_*.cpp). tests/contract/central_store holds both to the same words.
//
// Events are append-only and kept verbatim; complaints, steps and receipts are projections of them. Only unique keys
// decide what is a duplicate, never a look-up before an insert. Many rows travel in one call, because a call may be a
// round trip.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
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
  std::uint64_t stored_seq = 0;    ///< newest event that is stored; above acked_seq when there is a gap
  std::uint64_t told_seq = 0;      ///< newest event the terminal says it holds
  std::uint64_t revoked_from = 0;  ///< events from this seq on are quarantined; 0 = none
  std::int64_t enrolled_ms = 0;
  std::int64_t seen_ms = 0;          ///< last verified request; 0 = never
  std::int64_t clock_offset_ms = 0;  ///< centre's time minus the terminal's
  std::uint64_t duplicates = 0;      ///< counters since enrolment
  std::uint64_t conflicts = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t key_changes = 0;  ///< former pairs of keys; told by look-ups, never written
};

/// A pair of keys that a terminal has put away, and the change that ended it (PROTOCOL.md, "Rotation").
struct FormerKeys {
  std::string device;
  std::uint64_t serial = 0;  ///< from 1, in the order of the changes
  record::PublicKey receipt_key{};
  record::PublicKey device_key{};
  std::int64_t from_ms = 0;       ///< when the pair came into use, by the centre's clock
  std::int64_t until_ms = 0;      ///< when the next one did
  std::uint64_t told_seq = 0;     ///< newest event the terminal had told of by then
  std::uint64_t receipt_end = 0;  ///< first event that names a later receipt key; 0 = none yet. A projection of events
  record::Hash request{};         ///< digest of the request for the change, which may come again
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

/// An event as it came, and the correction of its terminal's clock at that moment, which no event knows by itself.
struct EventRow {
  std::uint64_t seq = 0;
  record::Uuid id;
  record::Bytes bytes;
  record::Hash hash{};
  std::int64_t clock_offset_ms = 0;  ///< centre's time minus the terminal's
};

struct QuarantineRow {
  std::uint64_t id = 0;  ///< order of arrival
  std::string device;
  std::uint64_t seq = 0;
  record::Bytes bytes;
  std::string why;
  std::int64_t at_ms = 0;
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
  std::string status;          ///< cases.h
  std::string agency;          ///< id; empty before disposition
  record::Hash secret_hash{};  ///< of the receipt it was issued with
  record::Hash code_hmac{};    ///< of the same
};

/// One thing that staff did about a complaint, in order.
struct Step {
  std::string kind;  ///< verified, disposed, followup, resolved, closed
  std::int64_t at_ms = 0;
  std::string agency;  ///< id, may be empty
  std::string text;    ///< what staff wrote for the public, may be empty
  std::string evidence;
};

struct NumberedStep {
  std::string number;  ///< of the complaint
  Step step;
};

/// One receipt that was issued for a complaint; one with a higher seq for the same complaint voids it. The first stands
/// in the complaint's own row.
struct ReceiptRow {
  std::string number;
  std::string device;
  std::uint64_t seq = 0;  ///< of the event that issued it
  record::Hash secret_hash{};
  record::Hash code_hmac{};
  bool voided = false;  ///< told by look-ups, never written
};

/// An attachment that a stored event names.
struct AttachmentRow {
  std::string device;
  std::uint64_t seq = 0;  ///< of attachment.added
  std::string number;
  std::string kind;   ///< photo, voice
  std::string media;  ///< image/jpeg, audio/ogg
  record::Hash hash{};
  std::uint64_t size = 0;  ///< sealed
  bool held = false;       ///< its bytes are here; told by look-ups, written by hold_blob()
};

/// What one device's events name, and what of it has come.
struct BlobUse {
  std::uint64_t named = 0;
  std::uint64_t named_bytes = 0;
  std::uint64_t held = 0;
  std::uint64_t held_bytes = 0;
};

/// What has not come of what one device's events name.
struct MissingAttachments {
  std::string device;
  std::uint64_t count = 0;
  std::uint64_t oldest_seq = 0;  ///< of the event that names the first of them
};

struct AuditRow {
  std::int64_t at_ms = 0;
  std::string who;
  std::string what;  ///< verb and number, never personal data
};

/// A row of the audit as it is kept: `hash` covers the row and `prev`, `prev` is the hash of the row before.
struct AuditLink {
  std::uint64_t id = 0;
  AuditRow row;
  record::Hash prev{};
  record::Hash hash{};
};

[[nodiscard]] record::Hash audit_hash(const record::Hash& prev, const AuditRow& row);

enum class Inserted { stored, duplicate, conflict };

/// Lists come in the order of their key, behind `after`, at most `most` at once.
class Reader {
 public:
  virtual ~Reader() = default;
  template <class T>
  using Result = record::Result<T>;

  /// Names the history of this database; another one after a restore or a failover that the database can tell.
  [[nodiscard]] virtual std::string lineage() = 0;
  [[nodiscard]] virtual Result<std::optional<record::Bytes>> meta(std::string_view key) = 0;
  [[nodiscard]] virtual Result<std::optional<Device>> device(const wire::DeviceId& id) = 0;
  [[nodiscard]] virtual Result<std::vector<Device>> devices() = 0;
  /// Of one terminal, in order.
  [[nodiscard]] virtual Result<std::vector<FormerKeys>> former_keys(std::string_view device) = 0;
  [[nodiscard]] virtual Result<std::optional<EnrolCodeRow>> enrol_code(const wire::EnrolCode::LookupId& lookup) = 0;
  [[nodiscard]] virtual Result<std::vector<EnrolCodeRow>> enrol_codes() = 0;
  [[nodiscard]] virtual Result<std::optional<record::Bytes>> event(std::string_view device, std::uint64_t seq) = 0;
  [[nodiscard]] virtual Result<std::vector<EventRow>> events(std::string_view device, std::uint64_t after,
                                                             std::size_t most) = 0;
  /// Seq and hash alone.
  [[nodiscard]] virtual Result<std::vector<std::pair<std::uint64_t, record::Hash>>> event_hashes(
      std::string_view device, std::uint64_t after, std::size_t most) = 0;
  [[nodiscard]] virtual Result<std::uint64_t> event_count(std::string_view device) = 0;
  /// Seq and hash of a device's newest event; zeros when it has none.
  [[nodiscard]] virtual Result<std::pair<std::uint64_t, record::Hash>> head(std::string_view device) = 0;
  [[nodiscard]] virtual Result<std::vector<QuarantineRow>> quarantined(std::uint64_t after, std::size_t most) = 0;
  [[nodiscard]] virtual Result<std::optional<ComplaintRow>> complaint(std::string_view number) = 0;
  /// Newest first; `status` empty: all.
  [[nodiscard]] virtual Result<std::vector<ComplaintRow>> complaints(std::string_view status, std::size_t most) = 0;
  /// Deeds of staff, at most 500.
  [[nodiscard]] virtual Result<std::vector<Step>> steps(std::string_view number) = 0;
  [[nodiscard]] virtual Result<std::optional<ReceiptRow>> receipt(std::string_view number,
                                                                  const record::Hash& secret_hash) = 0;
  /// Of two with the same code, which no two honest terminals ever draw: the one received first.
  [[nodiscard]] virtual Result<std::optional<ReceiptRow>> receipt_by_code(const record::Hash& code_hmac) = 0;
  /// Whoever has the items up to a cursor and asks for those behind it misses none, whatever commits meanwhile.
  /// By the event that names it; of several events of the device the first.
  [[nodiscard]] virtual Result<std::optional<AttachmentRow>> attachment(std::string_view device,
                                                                        const record::Hash& hash) = 0;
  /// At most 500, by seq.
  [[nodiscard]] virtual Result<std::vector<AttachmentRow>> attachments(std::string_view number) = 0;
  [[nodiscard]] virtual Result<BlobUse> blob_use(std::string_view device) = 0;
  /// Of every device that lacks any, by device.
  [[nodiscard]] virtual Result<std::vector<MissingAttachments>> missing_attachments() = 0;
  [[nodiscard]] virtual Result<std::vector<wire::FeedItem>> feed(std::string_view device, std::uint64_t after,
                                                                 std::size_t most) = 0;
  /// Of its items of this kind, in their order; without their bodies.
  [[nodiscard]] virtual Result<std::vector<std::string>> feed_subjects(std::string_view device,
                                                                       std::string_view kind) = 0;
  [[nodiscard]] virtual Result<std::vector<AuditLink>> audit(std::uint64_t after, std::size_t most) = 0;
};

/// The changes of one transaction.
class Writer : public Reader {
 public:
  /// Until this transaction ends, every other that locks the same name waits (or fails as `busy`). Order, so that
  /// nobody waits in a circle: "enrol", a device's name, "centre"; the audit locks itself, last.
  [[nodiscard]] virtual Result<void> lock(std::string_view name) = 0;

  [[nodiscard]] virtual Result<void> set_meta(std::string_view key, record::ByteView value) = 0;
  /// `conflict` when the name is taken.
  [[nodiscard]] virtual Result<void> add_device(const Device& device) = 0;
  /// Everything but its name, keys and time of enrolment. `not_found` when there is none.
  [[nodiscard]] virtual Result<void> put_device(const Device& device) = 0;
  /// The keys in use. `not_found` when there is no such terminal.
  [[nodiscard]] virtual Result<void> put_keys(const wire::DeviceId& id, const record::PublicKey& receipt_key,
                                              const record::PublicKey& device_key) = 0;
  /// `conflict` when the serial is taken.
  [[nodiscard]] virtual Result<void> add_former_keys(const FormerKeys& keys) = 0;
  [[nodiscard]] virtual Result<void> end_receipt_key(std::string_view device, std::uint64_t serial,
                                                     std::uint64_t seq) = 0;
  [[nodiscard]] virtual Result<void> put_enrol_code(const EnrolCodeRow& code) = 0;
  /// One answer an event, decided by the unique keys: `duplicate` when the same bytes hold (device, seq), `conflict`
  /// when others do or when another event of the device has the id.
  [[nodiscard]] virtual Result<std::vector<Inserted>> insert_events(std::string_view device,
                                                                    std::span<const EventRow> events) = 0;
  /// False: the same bytes are there already.
  [[nodiscard]] virtual Result<bool> quarantine(std::string_view device, std::uint64_t seq, record::ByteView bytes,
                                                std::string_view why, std::int64_t at_ms) = 0;
  /// Whether each was added; one whose number is taken is not.
  [[nodiscard]] virtual Result<std::vector<bool>> add_complaints(std::span<const ComplaintRow> complaints) = 0;
  [[nodiscard]] virtual Result<void> set_status(std::string_view number, std::string_view status,
                                                std::string_view agency) = 0;
  [[nodiscard]] virtual Result<void> add_steps(std::span<const NumberedStep> steps) = 0;
  /// Reissued ones. Those whose code another reissued one has are left out. How many were added.
  [[nodiscard]] virtual Result<std::size_t> add_receipts(std::span<const ReceiptRow> receipts) = 0;
  [[nodiscard]] virtual Result<void> add_attachments(std::span<const AttachmentRow> attachments) = 0;
  /// The blob store holds it: whole, on disk, and what its name says. Again: nothing changes.
  [[nodiscard]] virtual Result<void> hold_blob(const record::Hash& hash, std::uint64_t size, std::int64_t at_ms) = 0;
  /// Locks the device; the cursors of the items are given here.
  [[nodiscard]] virtual Result<void> add_feed(std::string_view device, std::span<const wire::FeedItem> items) = 0;
  [[nodiscard]] virtual Result<void> forget_feed(std::string_view device, std::uint64_t up_to) = 0;
  /// Each row holds the hash of the one before: an edit or a removal shows.
  [[nodiscard]] virtual Result<void> add_audit(const AuditRow& row) = 0;
  /// A row of another store, as it is, behind those here.
  [[nodiscard]] virtual Result<void> copy_audit(const AuditLink& link) = 0;
  /// Removes complaints, steps, receipts, attachments (not what is held) and the ends of receipt keys, to be made anew
  /// from the events. No other
  /// transaction adds events or projections until this one has ended.
  [[nodiscard]] virtual Result<void> clear_projections() = 0;
};

/// Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  /// Runs `work` in a transaction and returns when it is durable (or with work's error, nothing changed). Works of
  /// several threads may share one commit. A work that was rolled back for another's sake, or because what it adds was
  /// there, runs again, and only the last run counts: so it begins by setting what it gives out. `busy`, `unavailable`:
  /// try again later; whether the work was done is not known when the connection broke during the commit.
  [[nodiscard]] virtual record::Result<void> write(const std::function<record::Result<void>(Writer&)>& work) = 0;

  /// Runs `work` on a consistent view. It sees everything whose write() has returned.
  [[nodiscard]] virtual record::Result<void> read(const std::function<record::Result<void>(Reader&)>& work) = 0;

  /// A consistent copy of the whole store as the new file `path`, on disk when it returns, while reads and writes go
  /// on. `invalid` where the database server has tools of its own for it.
  [[nodiscard]] virtual record::Result<void> back_up(const std::string& path) = 0;
  /// Whether it can.
  [[nodiscard]] virtual bool backs_up() const = 0;
};

/// SQLite in FOLDER/central.db: one writer thread with group commit, readers apart. Takes the folder's lock; `conflict`
/// when another process has it.
[[nodiscard]] record::Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& folder);

/// PostgreSQL 13 or newer. Several processes may use one database. `url`: postgres://USER@HOST/DATABASE, or the same
/// with host and port as parameters (libpq's connection URI); it never stands in an error. A server that says "written"
/// before it is on disk (fsync=off) is refused.
[[nodiscard]] record::Result<std::unique_ptr<Store>> open_postgres_store(const std::string& url);

/// "" is SQLite in `folder`; postgres:// and postgresql:// are PostgreSQL. `invalid` for anything else.
[[nodiscard]] record::Result<std::unique_ptr<Store>> open_store(const std::string& url, const std::string& folder);

}  // namespace anjungan::central
