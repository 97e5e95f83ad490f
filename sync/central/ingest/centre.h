// SPDX-License-Identifier: Apache-2.0
// What the centre does with each message, without knowing HTTP. Thread-safe: all state is in the store, or guarded.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sync/catalogue/catalogue.h"
#include "sync/central/cases/cases.h"
#include "sync/central/ingest/blob_room.h"
#include "sync/central/ingest/blob_staging.h"
#include "sync/central/ingest/budget.h"
#include "sync/central/ingest/command_log.h"
#include "sync/central/ingest/keys.h"
#include "sync/central/ingest/verify.h"
#include "sync/central/store/blob_store.h"
#include "sync/central/store/store.h"
#include "sync/central/watch/alarms.h"
#include "sync/record/clock.h"
#include "sync/wire/blob.h"
#include "sync/wire/sync_answer.h"
#include "sync/wire/sync_request.h"

namespace anjungan::central {

/// An answer of the wire protocol: HTTP status and message; a status other than 200 and 202 carries none.
struct Reply {
  unsigned status = 500;
  record::Bytes body;
  int retry_after_s = 0;
};

/// An answer about an attachment: the message and the offset go into headers.
struct BlobReply {
  unsigned status = 500;
  record::Bytes message;  ///< empty where the status says it all
  std::uint64_t offset = 0;
  int retry_after_s = 0;
};

struct BlobOptions {
  std::uint64_t reserve_bytes = 1ULL << 30;  ///< free room that attachments leave to the records
  std::uint64_t quota_bytes = 64ULL << 30;   ///< most that one terminal's attachments take
};

/// How a receipt or an access code stands.
enum class Verdict {
  known,    ///< genuine and here: the case follows
  pending,  ///< genuine, its terminal has not delivered it yet
  missing,  ///< genuine, its terminal says it was delivered, and it is not here: the loss alarm
  voided,   ///< replaced by a newer receipt
  revoked,  ///< made after its terminal was revoked
  forged,   ///< no terminal of ours signed it
  unknown,  ///< no such access code
};
[[nodiscard]] const char* verdict_name(Verdict verdict);

struct Sight {
  Verdict verdict = Verdict::unknown;
  std::string number;     ///< known, pending, missing, voided
  std::string case_json;  ///< known
  std::string office;     ///< pending, missing
  std::string place;
  std::int64_t issued_ms = 0;  ///< pending; 0 when the terminal's clock was dead
  std::int64_t seen_ms = 0;    ///< pending: last contact with the terminal, 0 = never
  int utc_offset_min = 420;
};

/// Since the program started. Any thread.
struct IngestCounters {
  std::atomic<std::uint64_t> batches{0};
  std::atomic<std::uint64_t> failed{0};
  std::array<std::atomic<std::uint64_t>, 5> events{};  ///< by wire::EventResult
  std::atomic<std::uint64_t> blobs_held{0};            ///< attachments that have become whole
  std::atomic<std::uint64_t> blob_bytes{0};
  std::atomic<std::uint64_t> blobs_failed{0};
  std::atomic<std::uint64_t> loss_alarms{0};
  std::atomic<std::uint64_t> key_changes{0};          ///< of terminals
  std::atomic<std::uint64_t> key_changes_refused{0};  ///< by a key or a state that does not fit
  std::atomic<std::uint64_t> stale_receipts{0};       ///< looked-up receipts of a receipt key that had ended
  std::atomic<std::uint64_t> code_misses{0};          ///< looked-up access codes that open nothing
};

class Centre {
 public:
  /// Loads keys (of `data_folder`) and epoch (of the store), made at the first start. `conflict` when the store was
  /// filled under other keys: instances that share a store share the keys folder too.
  [[nodiscard]] static record::Result<std::unique_ptr<Centre>> open(std::unique_ptr<Store> store,
                                                                    const std::string& data_folder,
                                                                    std::string public_url,
                                                                    catalogue::Catalogue catalogue,
                                                                    const record::Clock& clock);

  /// Before the first request: the address that receipts name, when it was not known at opening.
  void set_public_url(std::string url) { m_public_url = std::move(url); }

  // The wire (PROTOCOL.md).
  [[nodiscard]] Reply enrol(record::Bytes message);
  [[nodiscard]] Reply sync(record::Bytes message);
  [[nodiscard]] Reply question(record::Bytes message);
  [[nodiscard]] Reply rotate(record::Bytes message);
  /// HEAD (no piece) or PATCH of the attachment `name`.
  [[nodiscard]] BlobReply blob(const record::Hash& name, record::Bytes message,
                               const std::optional<wire::Piece>& piece);
  /// Before the first request: another place for attachments than <data>/blobs (null: that one), and their bounds.
  void use_blobs(std::unique_ptr<BlobStore> blobs, const BlobOptions& options);

  /// A batch that somebody brought on a stick (PROTOCOL.md, "Carried by hand"), taken in like one of the network.
  struct Carried {
    wire::DeviceId device;
    std::uint64_t from_seq = 0;
    wire::SyncAnswer said;
    record::Bytes answer;  ///< signed, to be carried back
  };
  /// `invalid` for anything but a carried request, `not_found` when its terminal is not enrolled here, `denied` when
  /// that terminal has not signed it for this centre. Leaves a line in the audit.
  [[nodiscard]] record::Result<Carried> take_carried(record::Bytes message, const std::string& who);

  // People with a receipt.
  [[nodiscard]] record::Result<Sight> look_at_receipt(std::string_view token_text);
  [[nodiscard]] record::Result<Sight> look_at_code(std::string_view code_text);

  // Staff.
  struct NewCode {
    std::string code;
    std::int64_t expires_ms = 0;
  };
  [[nodiscard]] record::Result<NewCode> make_enrol_code(std::uint16_t region, const std::string& office,
                                                        const std::string& place);
  /// By device ("3273-0012") or fingerprint. `not_found`, or `conflict` when it does not wait for a confirmation.
  [[nodiscard]] record::Result<Device> confirm(std::string_view device_or_fingerprint);
  [[nodiscard]] record::Result<Device> revoke(std::string_view device, std::uint64_t from_seq);
  /// The copy is gone: the terminal is believed again, and what it sent meanwhile comes again. `conflict` when it is
  /// not locked.
  [[nodiscard]] record::Result<Device> unlock(std::string_view device);
  [[nodiscard]] record::Result<std::vector<Device>> devices();
  struct TerminalKeys {
    Device device;
    std::vector<FormerKeys> former;
  };
  /// Every key with which a confirmed terminal has ever signed.
  [[nodiscard]] record::Result<std::vector<TerminalKeys>> terminal_keys();
  /// Puts the wish into the terminal's feed. `which`: "both", "receipt" or "device". `conflict` when it is not active.
  [[nodiscard]] record::Result<Device> ask_rotation(std::string_view device, std::string_view which,
                                                    const std::string& who);
  struct KeyNews {
    std::uint64_t serial = 0;               ///< of the manifest
    std::vector<std::string> not_told_yet;  ///< active terminals that have not stored it yet
  };
  /// Tells every terminal of a new signing key (keys.h); again: who has not heard yet.
  [[nodiscard]] record::Result<KeyNews> announce_key(const std::string& who);
  /// Uses it from the next start on. `conflict` while an active terminal has not heard of it, unless `force`: such a
  /// terminal must be enrolled again.
  [[nodiscard]] record::Result<KeyNews> switch_key(const std::string& who, bool force);
  // Orders to terminals. What they must refuse is refused here already, where it can be known.
  /// One that was left out because of its own log of commands, and why.
  struct LeftOut {
    std::string device;
    std::string why;
  };
  struct Order {
    std::string id;
    std::vector<std::string> devices;
    std::int64_t expires_ms = 0;
    std::vector<LeftOut> left_out;  ///< of "all"; a terminal that is named is refused instead
  };
  struct Cancelled {
    std::vector<std::string> devices;
    std::vector<LeftOut> left_out;  ///< where nobody can tell whether it was ordered
  };
  /// `target`: a terminal, or "all" that are active. The command's id is made here.
  [[nodiscard]] record::Result<Order> order(std::string_view target, record::Command command, const std::string& who);
  /// A new catalogue, read by the same loader before anybody hears of it; empty texts: back to the technician's own.
  [[nodiscard]] record::Result<Order> order_catalogue(std::string_view target, const catalogue::Sources& files,
                                                      std::int64_t expires_ms, const std::string& who);
  /// Of one terminal, or of all when `device` is empty; each terminal's oldest first.
  [[nodiscard]] record::Result<std::vector<OrderedCommand>> commands(std::string_view device);
  /// Takes it back wherever it has not come to an end; a terminal that did it before it heard says so.
  [[nodiscard]] record::Result<Cancelled> cancel_command(std::string_view id, const std::string& who);
  struct Case {
    ComplaintRow complaint;
    std::vector<Step> steps;
  };
  [[nodiscard]] record::Result<std::vector<ComplaintRow>> complaints(std::string_view status, std::size_t most);
  [[nodiscard]] record::Result<Case> complaint(std::string_view number);
  /// The personal part, opened with the centre's key; leaves a line in the audit.
  [[nodiscard]] record::Result<std::map<std::string, std::string>> open_personal(std::string_view number,
                                                                                 const std::string& who);
  [[nodiscard]] record::Result<std::vector<AttachmentRow>> attachments(std::string_view number);
  /// The sealed bytes of one attachment of the complaint; leaves a line in the audit. `not_found` before it has come.
  [[nodiscard]] record::Result<record::Bytes> take_out_blob(std::string_view number, const record::Hash& hash,
                                                            const std::string& who);
  /// Verify, hand over, follow up, resolve: durable and in the terminal's feed when it returns.
  [[nodiscard]] record::Result<Case> act(std::string_view number, const Deed& deed, const std::string& who);
  struct DeviceStats {
    Device device;
    std::uint64_t events = 0;
    BlobUse blobs;
  };
  [[nodiscard]] record::Result<std::vector<DeviceStats>> stats();
  /// Complaints, steps and receipts made anew from the events. How many events there are.
  [[nodiscard]] record::Result<std::uint64_t> rebuild(const std::string& who);
  [[nodiscard]] record::Result<StoreVerdict> verify(const std::optional<record::Hash>& expected);
  /// Store and keys into the new folder `folder`, while everything goes on. To restore, put it in the data folder's
  /// place: the centre sees that it is a backup and begins a new epoch. It holds the keys: keep it like the centre
  /// itself.
  [[nodiscard]] record::Result<void> back_up(const std::string& folder, const std::string& who);
  /// Before the first request: from when on something is an alarm.
  void watch(const WatchOptions& options);
  /// Looks at the store now, logs what has begun or ended since anybody looked, and gives what is open. One at a time:
  /// who comes meanwhile waits and then looks anew.
  [[nodiscard]] record::Result<std::vector<Alarm>> look_for_alarms();
  /// The administrator accepts that this report is lost: its alarm ends at the next look and does not begin again when
  /// its receipt is shown; the audit says who. If the report comes after all it is taken as ever. Gives the number as
  /// it is written. `not_found`, with those there are, when it has no open loss alarm.
  [[nodiscard]] record::Result<std::string> accept_loss(std::string_view number, const std::string& who);
  struct Watched {
    std::int64_t looked_ms = 0;  ///< 0 = not yet
    std::vector<Alarm> alarms;
  };
  /// What the last look found.
  [[nodiscard]] Watched watched() const;
  /// Whether the store answers.
  [[nodiscard]] bool ready();

  [[nodiscard]] const IngestCounters& counters() const { return m_counters; }

  [[nodiscard]] const catalogue::Catalogue& catalogue() const { return m_catalogue; }

 private:
  Centre(std::unique_ptr<Store> store, std::string data_folder, Keys keys, std::string public_url,
         catalogue::Catalogue catalogue, const record::Clock& clock);

  struct Heard {
    wire::VerifiedSyncRequest request;
    record::PublicKey device_key{};  ///< that proved it
  };
  /// Finds its sender's key and checks that he signed it for this centre.
  record::Result<Heard> hear(record::Bytes message);
  /// Takes it in; durable when it returns. `offset_ms`: the centre's time minus the terminal's. `carrier`: the
  /// administrator who brought it on a stick, or empty. `denied` when the terminal has put that device key away.
  record::Result<wire::SyncAnswer> take(const Heard& heard, std::int64_t offset_ms, const std::string& carrier);

  record::Result<Order> give_order(std::string_view target, record::Command command,
                                   const std::vector<record::Bytes>& parts, const std::string& who);
  /// One administrator's deed on one terminal: `change` returns its line of the audit.
  record::Result<Device> change_device(std::string_view device,
                                       const std::function<record::Result<std::string>(Device&)>& change);
  struct KnownKey {
    record::PublicKey key{};
    bool remembered = false;  ///< not asked of the store now: another instance may have taken another since
  };
  /// Nullopt when there is no such confirmed terminal.
  record::Result<std::optional<KnownKey>> device_key(const wire::DeviceId& id, bool ask_store);
  void forget_device_key(const wire::DeviceId& id);
  record::Result<std::uint64_t> held_bytes(const wire::DeviceId& device);
  record::Result<void> take_piece(const AttachmentRow& row, const wire::BlobRequest& request,
                                  const std::optional<wire::Piece>& piece, wire::BlobWord& word, std::uint64_t& offset,
                                  bool& out_of_place);
  record::Result<void> finish(const AttachmentRow& row, const BlobStaging::Turn& turn, wire::BlobWord& word,
                              std::uint64_t& offset, const std::function<record::Result<void>()>& hold);
  record::Result<std::string> case_of(Reader& reader, const ComplaintRow& complaint);
  /// Kept, and in the audit, once for each event, unless somebody has accepted that this report is lost.
  record::Result<void> note_loss(const Loss& loss);
  static record::Result<void> note_backup(Writer& out, std::int64_t at_ms);
  record::Result<void> note_verified(bool sound);
  /// Puts the manifest into the feed of every device that stands and has not got it there.
  record::Result<KeyNews> tell_keys(const record::Bytes& manifest, const std::string& who, const std::string& what);
  record::Bytes manifest();

  std::unique_ptr<Store> m_store;
  std::string m_data_folder;
  std::unique_ptr<BlobStaging> m_staging;
  std::unique_ptr<BlobStore> m_blobs;
  BlobOptions m_blob_options;
  BlobRoom m_blob_room;
  WatchOptions m_watch_options;
  std::mutex m_look_mutex;  ///< of a whole look, from what it reads to what it tells
  mutable std::mutex m_watched_mutex;
  Watched m_watched;
  IngestCounters m_counters;
  Keys m_keys;
  std::mutex m_manifest_mutex;  ///< of m_keys.manifest, which changes while requests run
  std::string m_public_url;
  catalogue::Catalogue m_catalogue;
  const record::Clock& m_clock;
  MissBudget m_question_misses;
  std::mutex m_device_keys_mutex;
  std::map<std::string, record::PublicKey> m_device_keys;  ///< of terminals that delivered since the start
};

}  // namespace anjungan::central
