// SPDX-License-Identifier: Apache-2.0
#include "sync/store/intake_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>

#include "sync/record/keys.h"
#include "sync/store/chain_walk.h"
#include "sync/store/intake_schema.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

IntakeStore::IntakeStore(FolderLock lock, RuntimeKey runtime_key, Identity identity, record::SigningKey key,
                         std::string folder, std::string runtime_folder, const IntakeOptions& options)
    : m_lock(std::move(lock)),
      m_runtime_key(std::move(runtime_key)),
      m_identity(std::move(identity)),
      m_receipt_key(std::move(key)),
      m_folder(std::move(folder)),
      m_blobs(m_folder),
      m_suspicion(std::move(runtime_folder) + "/intake.suspect"),
      m_options(options),
      m_clock(options.clock != nullptr ? options.clock : &m_system_clock) {}

IntakeStore::~IntakeStore() = default;

Result<std::unique_ptr<IntakeStore>> IntakeStore::open(const std::string& folder, const std::string& runtime_folder,
                                                       const Identity& identity, record::SigningKey receipt_key,
                                                       const IntakeOptions& options) {
  if (auto made = make_folder(folder); !made) return tl::unexpected(made.error());
  auto lock = FolderLock::take(folder + "/intake.lock");
  if (!lock) return tl::unexpected(lock.error());
  auto runtime_key = RuntimeKey::load_or_make(runtime_folder);
  if (!runtime_key) return tl::unexpected(runtime_key.error());
  if (auto finished = finish_salvage(folder); !finished) return tl::unexpected(finished.error());
  std::unique_ptr<IntakeStore> store(new IntakeStore(std::move(*lock), std::move(*runtime_key), identity,
                                                     std::move(receipt_key), folder, runtime_folder, options));
  auto loaded = store->load();
  const bool suspected = ::access(store->m_suspicion.c_str(), F_OK) == 0;
  if (loaded ? suspected : loaded.error().kind == ErrorKind::corrupt) {
    // After a failed sync a database may read well and still not be on the disk: written anew, it is.
    store->unload();
    auto salvage = salvage_intake(folder, options.acked_seq, *store->m_clock);
    if (!salvage) return tl::unexpected(salvage.error());
    store->m_salvage = std::move(*salvage);
    loaded = store->load();
    if (loaded) ::unlink(store->m_suspicion.c_str());
  }
  if (!loaded) return tl::unexpected(loaded.error());
  if (auto swept = store->sweep_blobs(); !swept) return tl::unexpected(swept.error());
  if (auto placed = store->place_ballast(); !placed) return tl::unexpected(placed.error());
  return store;
}

Result<void> IntakeStore::load() {
  auto database = Database::open(m_folder + "/intake.db", Database::Mode::writer);
  if (!database) return tl::unexpected(database.error());
  m_database = std::move(*database);
  if (auto schema = ensure_intake_schema(m_database); !schema) return schema;
  if (auto sound = check_and_load(); !sound) return sound;
  return prepare();
}

void IntakeStore::unload() {
  m_insert_event = Statement();
  m_insert_receipt = Statement();
  m_insert_job = Statement();
  m_database = Database();
}

Result<void> IntakeStore::standing() const {
  if (m_stopped) return tl::unexpected(*m_stopped);
  return {};
}

void IntakeStore::watch(const record::Error& error) {
  if (m_stopped || (error.kind != ErrorKind::io && error.kind != ErrorKind::corrupt)) return;
  m_stopped = error;
  static_cast<void>(write_file(m_suspicion, record::view_of(error.text), 0660));
}

Result<void> IntakeStore::prepare() {
  const auto ready = [&](Statement& out, std::string_view sql) -> Result<void> {
    auto statement = m_database.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    out = std::move(*statement);
    return {};
  };
  if (auto done = ready(m_insert_event, "INSERT INTO event(seq, bytes, hash) VALUES(?, ?, ?)"); !done) return done;
  if (auto done = ready(m_insert_receipt,
                        "INSERT INTO receipt(seq, running, subject, code_hash, secret_hash, copy, issued_ms, voided) "
                        "VALUES(?, ?, ?, ?, ?, ?, ?, 0)");
      !done) {
    return done;
  }
  return ready(m_insert_job,
               "INSERT INTO print_job(running, copy, printer, state, attempt, handle, reason, payload, created_ms, "
               "updated_ms) VALUES(?, ?, ?, 'queued', 0, '', '', ?, ?, ?)");
}

Result<void> IntakeStore::check_and_load() {
  if (auto sound = m_database.quick_check(); !sound) return sound;
  auto events = m_database.prepare("SELECT seq, bytes, hash FROM event WHERE seq >= ? ORDER BY seq");
  if (!events) return tl::unexpected(events.error());
  // The acknowledged head is read too: the chain goes on from it.
  const std::uint64_t from = std::max<std::uint64_t>(m_options.acked_seq, 1);
  events->bind(static_cast<std::int64_t>(from));
  ChainWalk walk(from, from == 1 ? std::optional(record::Hash{}) : std::nullopt);
  for (;;) {
    auto row = events->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    if (auto sound = walk.step(*events); !sound) return sound;
  }
  if (walk.seq() < m_options.acked_seq) {
    return fail(
        ErrorKind::conflict,
        fmt::format("intake.db ends before event {}, which the centre has confirmed: this disk was restored from an "
                    "older copy; enrol the terminal again",
                    m_options.acked_seq));
  }
  m_last_seq = walk.seq();
  m_last_hash = walk.hash();
  auto running = m_database.prepare("SELECT coalesce(max(running), 0) FROM receipt");
  if (!running) return tl::unexpected(running.error());
  if (auto row = running->step(); !row) return tl::unexpected(row.error());
  m_last_running = static_cast<std::uint32_t>(running->integer(0));
  return {};
}

Result<void> IntakeStore::place_ballast() {
  if (m_options.ballast_bytes == 0) return {};
  const std::string path = m_folder + "/ballast";
  auto room = free_bytes(m_folder);
  if (!room) return tl::unexpected(room.error());
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660);
  if (file < 0) return {};  // a read-only folder shows itself at the first write
  const off_t have = ::lseek(file, 0, SEEK_END);
  const auto want = static_cast<off_t>(m_options.ballast_bytes);
  if (have < want && *room > m_options.ballast_bytes + m_options.low_water_bytes) {
    if (::posix_fallocate(file, 0, want) != 0) ::unlink(path.c_str());
  }
  ::close(file);
  return {};
}

void IntakeStore::drop_ballast() { ::unlink((m_folder + "/ballast").c_str()); }

Result<void> IntakeStore::room_for_intake() {
  auto room = free_bytes(m_folder);
  if (!room) return tl::unexpected(room.error());
  if (m_last_running >= record::TrackingNumber::k_last_running) {
    return fail(ErrorKind::conflict, "running number 999,999 is used: enrol the terminal again for a new number range");
  }
  if (*room >= m_options.low_water_bytes) return {};
  return fail(ErrorKind::full, fmt::format("{}: only {} KiB free; no new complaint is taken below {} KiB", m_folder,
                                           *room / 1024, m_options.low_water_bytes / 1024));
}

record::Event IntakeStore::next_event(record::EventType type, const record::Uuid& subject, record::Facts facts) const {
  record::Event event;
  event.device = m_identity.device();
  event.seq = m_last_seq + 1;
  event.time_ms = m_clock->unix_ms();
  event.id = record::Uuid::make(event.time_ms);
  event.type = type;
  event.subject = subject;
  event.boot = m_clock->boot_id();
  event.monotonic_ms = m_clock->monotonic_ms();
  event.office = m_identity.office;
  event.facts = std::move(facts);
  event.prev = m_last_hash;
  return event;
}

Result<record::Hash> IntakeStore::insert_event(const record::Event& event) {
  auto bytes = record::write_event(event);
  if (!bytes) return tl::unexpected(bytes.error());
  const record::Hash hash = record::hash(*bytes);
  auto done = m_insert_event.bind(static_cast<std::int64_t>(event.seq)).bind(*bytes).bind(record::ByteView(hash)).run();
  if (!done) return tl::unexpected(done.error());
  return hash;
}

Result<void> IntakeStore::insert_receipt(const Issued& issued, int copy) {
  const record::Hash code = issued.code.code_hash();
  const record::Hash secret = record::secret_hash(issued.token.secret);
  return m_insert_receipt.bind(static_cast<std::int64_t>(issued.seq))
      .bind(static_cast<std::int64_t>(issued.number.running))
      .bind(record::ByteView(issued.subject.bytes))
      .bind(record::ByteView(code))
      .bind(record::ByteView(secret))
      .bind(static_cast<std::int64_t>(copy))
      .bind(issued.received_ms)
      .run();
}

namespace {

std::string payload_context(std::uint32_t running, int copy) { return fmt::format("print:{}:{}", running, copy); }

}  // namespace

Result<std::int64_t> IntakeStore::insert_job(const Issued& issued, int copy, const std::string& printer,
                                             const std::string& payload) {
  const record::Bytes sealed =
      m_runtime_key.encrypt(record::view_of(payload), payload_context(issued.number.running, copy));
  auto done = m_insert_job.bind(static_cast<std::int64_t>(issued.number.running))
                  .bind(static_cast<std::int64_t>(copy))
                  .bind(std::string_view(printer))
                  .bind(sealed)
                  .bind(issued.received_ms)
                  .bind(issued.received_ms)
                  .run();
  if (!done) return tl::unexpected(done.error());
  return sqlite3_last_insert_rowid(m_database.handle());
}

Result<Issued> IntakeStore::issue(Issued issued, const record::Event& event, int copy, const std::string& printer,
                                  const std::function<std::string(const Issued&)>& payload,
                                  record::SigningNonce nonce) {
  auto hash = insert_event(event);
  if (!hash) return tl::unexpected(hash.error());
  issued.seq = event.seq;
  issued.token.number = issued.number;
  issued.token.seq = event.seq;
  issued.token.flags = static_cast<std::uint8_t>((issued.clock_sane ? 0 : record::ReceiptToken::k_clock_not_sane) |
                                                 (m_identity.terminal == 0 ? record::ReceiptToken::k_sample : 0));
  issued.token.minutes = issued.clock_sane ? record::token_minutes(issued.received_ms) : 0;
  std::copy_n(hash->begin(), issued.token.event_prefix.size(), issued.token.event_prefix.begin());
  issued.token.sign(m_receipt_key, std::move(nonce));
  if (auto done = insert_receipt(issued, copy); !done) return tl::unexpected(done.error());
  std::string text = payload ? payload(issued) : std::string();
  auto job = insert_job(issued, copy, printer, text);
  record::wipe(text);
  if (!job) return tl::unexpected(job.error());
  issued.job = *job;
  m_last_hash = *hash;  // the caller takes it back when the commit fails
  return issued;
}

Result<Issued> IntakeStore::submit(Submission submission) {
  if (auto well = standing(); !well) return tl::unexpected(well.error());
  auto issued = submit_checked(std::move(submission));
  if (!issued) watch(issued.error());
  return issued;
}

Result<Issued> IntakeStore::submit_checked(Submission submission) {
  ANJUNGAN_CHECK(submission.complaint != nullptr);
  const record::Complaint& complaint = *submission.complaint;
  if (const auto problems = record::check(complaint); !problems.empty()) {
    return fail(ErrorKind::invalid, fmt::format("{}: not acceptable", record::field_name(problems.front().field)));
  }
  if (auto room = room_for_intake(); !room) return tl::unexpected(room.error());
  if (auto kept = check_kept(submission.attachments); !kept) return tl::unexpected(kept.error());
  take_up_key();

  Issued issued;
  issued.number = {m_identity.region, m_identity.terminal, m_last_running + 1};
  issued.code = record::AccessCode::random();
  record::fill_random(issued.token.secret);

  record::ComplaintFacts facts;
  facts.number = issued.number;
  facts.kind = complaint.kind;
  facts.privacy = complaint.privacy;
  facts.language = complaint.language;
  facts.channel = submission.channel;
  facts.category = complaint.category;
  facts.district = complaint.district;
  facts.village = complaint.village;
  facts.code_hash = issued.code.code_hash();
  facts.secret_hash = record::secret_hash(issued.token.secret);
  facts.receipt_key = record::key_id(m_receipt_key.public_key());
  facts.attachments = static_cast<std::uint32_t>(submission.attachments.size());
  facts.utc_offset_min = submission.utc_offset_min;

  const std::int64_t now = m_clock->unix_ms();
  issued.subject = record::Uuid::make(now);
  record::Event event = next_event(record::EventType::complaint_created, issued.subject, {});
  issued.received_ms = event.time_ms;
  issued.clock_sane = record::clock_is_sane(event.time_ms);
  if (issued.clock_sane) {
    static const record::Holidays k_none;
    facts.due = record::due_dates(record::local_date(event.time_ms, submission.utc_offset_min), complaint.kind,
                                  submission.limits, submission.holidays != nullptr ? *submission.holidays : k_none);
    issued.due = facts.due;
  }
  event.facts = record::to_facts(facts);
  std::string personal = record::personal_json(complaint);
  event.sealed = std::move(submission.data_key).seal(record::seal_context(event), record::view_of(personal));
  record::wipe(personal);

  auto transaction = Transaction::begin(m_database);
  if (!transaction) return tl::unexpected(transaction.error());
  const record::Hash before = m_last_hash;
  const std::uint64_t seq_before = m_last_seq;
  auto done = issue(std::move(issued), event, 0, submission.printer, submission.payload, std::move(submission.nonce));
  if (done) {
    m_last_seq = event.seq;
    for (const record::Attachment& one : submission.attachments) {
      auto named = name_attachment(done->number, event.subject, one);
      if (named) continue;
      done = tl::unexpected(named.error());
      break;
    }
  }
  if (done) {
    if (auto committed = transaction->commit(); !committed) done = tl::unexpected(committed.error());
  }
  if (!done) {
    m_last_hash = before;
    m_last_seq = seq_before;
    return done;
  }
  m_last_running = done->number.running;
  return done;
}

Result<Issued> IntakeStore::reissue(const record::TrackingNumber& number, std::string_view reason,
                                    const std::string& printer,
                                    const std::function<std::string(const Issued&)>& payload) {
  if (auto well = standing(); !well) return tl::unexpected(well.error());
  auto issued = reissue_checked(number, reason, printer, payload);
  if (!issued) watch(issued.error());
  return issued;
}

Result<Issued> IntakeStore::reissue_checked(const record::TrackingNumber& number, std::string_view reason,
                                            const std::string& printer,
                                            const std::function<std::string(const Issued&)>& payload) {
  if (number.region != m_identity.region || number.terminal != m_identity.terminal) {
    return fail(ErrorKind::not_found, "receipt: issued by another terminal");
  }
  auto find = m_database.prepare("SELECT subject, copy FROM receipt WHERE running = ? ORDER BY copy DESC LIMIT 1");
  if (!find) return tl::unexpected(find.error());
  auto row = find->bind(static_cast<std::int64_t>(number.running)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail(ErrorKind::not_found, "receipt: this terminal has not issued this number");

  Issued issued;
  issued.number = number;
  issued.code = record::AccessCode::random();
  record::fill_random(issued.token.secret);
  const record::Bytes subject = find->bytes(0);
  if (subject.size() == 16) std::copy(subject.begin(), subject.end(), issued.subject.bytes.begin());
  const int copy = static_cast<int>(find->integer(1)) + 1;
  find->reset();
  take_up_key();

  record::Facts facts;
  facts["number"] = number.str();
  facts["copy"] = std::to_string(copy);
  facts["reason"] = std::string(reason);
  facts["code_hash"] = record::to_hex(issued.code.code_hash());
  facts["secret_hash"] = record::to_hex(record::secret_hash(issued.token.secret));
  facts["receipt_key"] = record::to_hex(record::key_id(m_receipt_key.public_key()));
  const record::Event event = next_event(record::EventType::receipt_reissued, issued.subject, std::move(facts));
  issued.received_ms = event.time_ms;
  issued.clock_sane = record::clock_is_sane(event.time_ms);

  auto transaction = Transaction::begin(m_database);
  if (!transaction) return tl::unexpected(transaction.error());
  const record::Hash before = m_last_hash;
  const auto give_up = [&](const record::Error& error) -> Result<Issued> {
    m_last_hash = before;
    return tl::unexpected(error);
  };
  for (const char* sql :
       {"UPDATE receipt SET voided = 1 WHERE running = ?",
        "UPDATE print_job SET state = 'voided', payload = NULL WHERE running = ? AND state <> 'printed'"}) {
    auto update = m_database.prepare(sql);
    if (!update) return give_up(update.error());
    if (auto done = update->bind(static_cast<std::int64_t>(number.running)).run(); !done) return give_up(done.error());
  }
  auto done = issue(std::move(issued), event, copy, printer, payload, record::SigningNonce::prepare());
  if (!done) return give_up(done.error());
  if (auto committed = transaction->commit(); !committed) return give_up(committed.error());
  m_last_seq = event.seq;
  return done;
}

Result<std::uint64_t> IntakeStore::append(record::EventType type, const record::Uuid& subject, record::Facts facts) {
  if (auto well = standing(); !well) return tl::unexpected(well.error());
  const auto attempt = [&]() -> Result<std::uint64_t> {
    const record::Event event = next_event(type, subject, facts);
    auto hash = insert_event(event);  // a statement by itself is a transaction
    if (!hash) return tl::unexpected(hash.error());
    m_last_hash = *hash;
    m_last_seq = event.seq;
    return event.seq;
  };
  auto seq = attempt();
  if (!seq && seq.error().kind == ErrorKind::full) {
    drop_ballast();
    seq = attempt();
  }
  if (!seq) watch(seq.error());
  return seq;
}

}  // namespace anjungan::store
