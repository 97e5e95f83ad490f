// SPDX-License-Identifier: Apache-2.0
// intake.db: the events this terminal made, the receipts it issued and their print jobs. Written by this class alone.
//
// Durability: every function that changes something has done so on disk (WAL, synchronous=FULL) when it returns
// success. Thread: one at a time. Errors: `full`, `read_only`, `io` and `corrupt` mean that intake must stop until
// staff has helped; nothing that was acknowledged before is touched.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/record/access_code.h"
#include "sync/record/attachment.h"
#include "sync/record/command.h"
#include "sync/record/event.h"
#include "sync/record/receipt_token.h"
#include "sync/store/blob_folder.h"
#include "sync/store/database.h"
#include "sync/store/files.h"
#include "sync/store/identity.h"
#include "sync/store/intake_salvage.h"
#include "sync/store/print_job.h"
#include "sync/store/question.h"
#include "sync/store/runtime_key.h"

namespace anjungan::store {

struct IntakeOptions {
  std::uint64_t ballast_bytes = 64ULL << 20;           ///< kept free for the records that follow a receipt; 0 = none
  std::uint64_t low_water_bytes = 16ULL << 20;         ///< below it no new complaint is taken
  std::uint64_t photo_low_water_bytes = 256ULL << 20;  ///< below it no new attachment: photos stop first
  std::uint64_t acked_seq = 0;           ///< what the centre has confirmed; later events are hash-checked at opening
  const record::Clock* clock = nullptr;  ///< the system's when null; not owned
};

/// A number that was issued: everything the screen and the receipt need. Wiped on destruction.
struct Issued {
  record::TrackingNumber number;
  record::AccessCode code;
  record::ReceiptToken token;
  std::uint64_t seq = 0;
  record::Uuid subject;
  std::int64_t job = 0;          ///< of the print job
  std::int64_t received_ms = 0;  ///< wall clock
  bool clock_sane = true;
  std::optional<record::DueDates> due;
};

/// What submit() needs beside the complaint.
struct Submission {
  const record::Complaint* complaint = nullptr;  ///< checked by the caller; sealed here
  record::DataKey data_key;                      ///< prepared while the citizen read the review screen
  std::string channel = "kiosk";
  record::Limits limits;
  const record::Holidays* holidays = nullptr;  ///< none when null
  int utc_offset_min = 420;
  std::string printer;  ///< name of the queue that prints it
  /// The receipt's content as the printer needs it later; encrypted under the runtime key. Called inside the
  /// transaction.
  std::function<std::string(const Issued&)> payload;
  /// Of the receipt's signature; made with the submission, so make that while the citizen reads the review screen.
  record::SigningNonce nonce = record::SigningNonce::prepare();
  /// What keep_attachment() gave for this complaint, at most record::k_most_attachments.
  std::vector<record::Attachment> attachments = {};
};

/// One receipt this terminal issued.
struct ReceiptRow {
  record::TrackingNumber number;
  std::uint64_t seq = 0;
  std::int64_t issued_ms = 0;
  int copies = 0;       ///< 0 for the first print alone
  bool voided = false;  ///< replaced by a later one
  PrintState print = PrintState::queued;
  std::string reason;  ///< of the print state
};

class IntakeStore {
 public:
  /// Opens or makes the store in `folder`. Takes the folder's lock (`conflict` when another program has it), checks the
  /// database and every hash behind acked_seq, refuses a database of a newer program (`conflict`) and one that is
  /// behind what the centre has confirmed (`conflict`: the disk was restored). A damaged database, and one that an
  /// earlier error has made doubtful, is copied aside and rebuilt from what can be proved (salvage() says so); what the
  /// centre lacks is sent again by the agent. `conflict` when an event is lost that the centre does not have: enrol
  /// again; `corrupt` when nothing can be read.
  [[nodiscard]] static record::Result<std::unique_ptr<IntakeStore>> open(const std::string& folder,
                                                                         const std::string& runtime_folder,
                                                                         const Identity& identity,
                                                                         record::SigningKey receipt_key,
                                                                         const IntakeOptions& options);
  ~IntakeStore();

  /// Number, event, receipt and print job in one transaction: the moment a complaint counts.
  /// `full` below the low-water mark, before anything is issued; `conflict` at running number 999,999.
  [[nodiscard]] record::Result<Issued> submit(Submission submission);

  /// A new access code and secret for a receipt whose payload is lost or that a citizen has lost; the old ones are
  /// void. Event receipt.reissued, a new print job with the next copy number.
  [[nodiscard]] record::Result<Issued> reissue(const record::TrackingNumber& number, std::string_view reason,
                                               const std::string& printer,
                                               const std::function<std::string(const Issued&)>& payload);

  /// Any other event; returns its seq.
  [[nodiscard]] record::Result<std::uint64_t> append(record::EventType type, const record::Uuid& subject,
                                                     record::Facts facts);

  // Commands of the centre (sync/record/command.h).
  /// Tells the centre what became of one, once: event device.command. Again: nothing changes.
  [[nodiscard]] record::Result<void> end_command(const record::CommandOutcome& outcome);
  [[nodiscard]] record::Result<bool> command_ended(const record::Uuid& id);

  // Attachments. Sealed in the folder first, then named by an event; a file that no event names is removed at the next
  // opening.
  /// Whether there is room for one more: `full` below the photos' low-water mark, which lies above intake's.
  [[nodiscard]] record::Result<void> room_for_attachment();
  /// Seals `plain` (made anew by sync/media) to the centre and keeps the file, on disk when it returns. Nothing counts
  /// yet: submit it with the complaint, attach it, or drop it. `full` as above, `invalid` when it is empty or too
  /// large.
  [[nodiscard]] record::Result<record::Attachment> keep_attachment(record::AttachmentKind kind, std::string media,
                                                                   record::ByteView plain);
  /// Removes what was kept and not used.
  void drop_attachment(const record::Attachment& attachment);
  /// Adds a kept one to a complaint that was filed before: event attachment.added. `not_found` when this terminal has
  /// not issued the number.
  [[nodiscard]] record::Result<std::uint64_t> attach(const record::TrackingNumber& number,
                                                     const record::Attachment& attachment);
  /// Forgets the files of up to `most` of these, which is what SyncReader::long_held_blobs() says; how many.
  [[nodiscard]] record::Result<std::size_t> purge_blobs(const std::vector<record::Hash>& held, std::size_t most);

  // The receipt key changes while the terminal is enrolled (next_keys.h).
  /// Signs with the receipt key that the identity names from here on: whether that is another one. Every receipt looks
  /// by itself, right before it is issued.
  bool take_up_key();
  /// Makes the next receipt key when the agent waits for one: whether it has done so now.
  [[nodiscard]] record::Result<bool> offer_next_key();

  [[nodiscard]] std::uint64_t last_seq() const { return m_last_seq; }
  /// What was found when opening had to rebuild a damaged database.
  [[nodiscard]] const std::optional<Salvage>& salvage() const { return m_salvage; }
  /// Why intake has stopped: the disk or the database failed (`io`, `corrupt`). Nothing is written any more; close and
  /// open again, which rebuilds.
  [[nodiscard]] const std::optional<record::Error>& stopped() const { return m_stopped; }
  /// Whether there is room for a complaint: fails with `full` below the low-water mark, with `conflict` when the
  /// numbers are used up. Ask before a citizen begins.
  [[nodiscard]] record::Result<void> room_for_intake();
  [[nodiscard]] record::Result<std::vector<ReceiptRow>> receipts();
  /// The newest receipts that hold, the newest first.
  [[nodiscard]] record::Result<std::vector<ReceiptRow>> latest_receipts(std::size_t most);
  [[nodiscard]] record::Result<std::optional<ReceiptRow>> find_by_code(const record::AccessCode& code);
  /// The latest receipt of a number.
  [[nodiscard]] record::Result<std::optional<ReceiptRow>> find_by_number(const record::TrackingNumber& number);

  // Print jobs (print_job.h).
  [[nodiscard]] record::Result<std::vector<PrintJob>> open_jobs();
  [[nodiscard]] record::Result<std::optional<PrintJob>> job(std::int64_t id);
  /// The decrypted payload; `crypto` after a reboot (reissue then), `not_found` once wiped.
  [[nodiscard]] record::Result<std::string> payload(std::int64_t job);
  /// The wall clock that the jobs' times are of.
  [[nodiscard]] std::int64_t now_ms() const { return m_clock->unix_ms(); }
  /// The jobs of a number, oldest first, whatever their state.
  [[nodiscard]] record::Result<std::vector<PrintJob>> jobs_of(const record::TrackingNumber& number);
  /// Stores printer, state, attempt, handle, reason, mark and length. `printed` also appends receipt.printed and wipes
  /// the payload; `voided` wipes. An attempt that took paper or may have (printed, sent, unknown) adds its length to
  /// what its printer has used. `deed` is what a person did to it, for an event device.printer in the same transaction.
  [[nodiscard]] record::Result<void> update_job(const PrintJob& job, const record::Facts* deed = nullptr);

  /// What is remembered of a printer; a blank note for a name that nobody wrote down.
  [[nodiscard]] record::Result<PrinterNote> printer(std::string_view name);
  /// Stores the note and the event of the person's deed that changed it, in one transaction.
  [[nodiscard]] record::Result<void> update_printer(const PrinterNote& note, const record::Facts& deed);

  // Upkeep, for the quiet hours. Each call reads or writes a bounded piece.
  /// Checks hashes and chain of up to `most` (at least 2) events from `from_seq` on, and the database's own order when
  /// that is 1; returns where to go on, 0 at the end. `corrupt`
  /// stops intake.
  [[nodiscard]] record::Result<std::uint64_t> scrub(std::uint64_t from_seq, std::size_t most);
  /// Forgets the bytes (never the hashes) of up to `most` events before `confirmed_seq`, which is what
  /// SyncReader::long_confirmed() says; returns how many.
  [[nodiscard]] record::Result<std::size_t> purge(std::uint64_t confirmed_seq, std::size_t most);
  /// A copy of the whole database as of now in `path`, durable, replacing what is there. About 0.3 s for 100 MB.
  [[nodiscard]] record::Result<void> back_up(const std::string& path);
  /// Makes the ballast again where there is room for it.
  [[nodiscard]] record::Result<void> place_ballast();

  // Questions to the centre (question.h).
  [[nodiscard]] record::Result<void> ask(const Question& question);
  [[nodiscard]] record::Result<void> forget_question(const record::Uuid& id);
  [[nodiscard]] record::Result<void> forget_questions();

 private:
  IntakeStore(FolderLock lock, RuntimeKey runtime_key, Identity identity, record::SigningKey key, std::string folder,
              std::string runtime_folder, const IntakeOptions& options);

  record::Result<void> load();
  void unload();
  record::Result<void> prepare();
  record::Result<void> check_and_load();
  void drop_ballast();
  record::Result<void> standing() const;
  void watch(const record::Error& error);
  record::Result<Issued> submit_checked(Submission submission);
  record::Result<std::uint64_t> attach_checked(const record::TrackingNumber& number,
                                               const record::Attachment& attachment);
  record::Result<void> check_kept(const std::vector<record::Attachment>& attachments) const;
  record::Result<void> name_attachment(const record::TrackingNumber& number, const record::Uuid& subject,
                                       const record::Attachment& attachment);
  record::Result<void> sweep_blobs();
  [[nodiscard]] std::optional<BlobFolder::Aside> orphans_aside() const;
  record::Result<Issued> reissue_checked(const record::TrackingNumber& number, std::string_view reason,
                                         const std::string& printer,
                                         const std::function<std::string(const Issued&)>& payload);
  record::Event next_event(record::EventType type, const record::Uuid& subject, record::Facts facts) const;
  record::Result<record::Hash> insert_event(const record::Event& event);
  record::Result<void> insert_receipt(const Issued& issued, int copy);
  record::Result<std::int64_t> insert_job(const Issued& issued, int copy, const std::string& printer,
                                          const std::string& payload);
  record::Result<Issued> issue(Issued issued, const record::Event& event, int copy, const std::string& printer,
                               const std::function<std::string(const Issued&)>& payload, record::SigningNonce nonce);
  record::Result<std::vector<ReceiptRow>> select_receipts(Statement& statement);
  record::Result<std::vector<PrintJob>> select_jobs(Statement& statement);
  record::Result<void> settle_printed(const PrintJob& job);
  record::Result<void> write_job(const PrintJob& job);
  record::Result<void> count_paper(const PrintJob& job);
  record::Result<void> tell_deed(const record::Facts& deed);
  record::Result<void> chained(const std::function<record::Result<bool>()>& change);

  FolderLock m_lock;
  Database m_database;
  RuntimeKey m_runtime_key;
  Identity m_identity;
  record::SigningKey m_receipt_key;
  struct IdentityMark {
    std::uint64_t inode = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    friend bool operator==(const IdentityMark&, const IdentityMark&) = default;
  };
  IdentityMark m_identity_mark;  ///< of the identity that m_receipt_key was compared with
  std::string m_folder;
  BlobFolder m_blobs;
  std::string m_suspicion;  ///< file in memory that outlives the process, not the power
  IntakeOptions m_options;
  record::SystemClock m_system_clock;
  const record::Clock* m_clock;
  std::uint64_t m_last_seq = 0;
  record::Hash m_last_hash{};
  std::uint32_t m_last_running = 0;

  std::optional<Salvage> m_salvage;
  std::optional<record::Error> m_stopped;

  Statement m_insert_event;
  Statement m_insert_receipt;
  Statement m_insert_job;
};

}  // namespace anjungan::store
