// SPDX-License-Identifier: Apache-2.0
#include "sync/store/intake_salvage.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <ranges>
#include <set>

#include "sync/record/attachment.h"
#include "sync/record/command.h"
#include "sync/store/blob_folder.h"
#include "sync/store/database.h"
#include "sync/store/files.h"
#include "sync/store/intake_schema.h"
#include "sync/store/print_job.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

/// Behind the last row that is known, look-ups go on until so many in a row found nothing.
constexpr std::uint64_t k_most_misses = 1'000;
constexpr std::size_t k_page = 4'096;
constexpr std::size_t k_longest_mended = 16'384;
constexpr int k_most_mends = 20;
constexpr std::size_t k_most_copies = 4;

struct Row {
  record::Bytes bytes;
  record::Hash hash{};
  bool whole = false;  ///< the hash is that of the bytes
};

struct ReceiptLine {
  std::uint32_t running = 0;
  record::Bytes subject, code_hash, secret_hash;
  int copy = 0;
  std::int64_t issued_ms = 0;
};

/// Zeros where the column holds no hash: then it is that of no bytes.
record::Hash to_hash(const record::Bytes& bytes) {
  return record::to_array<32>(bytes, "hash").value_or(record::Hash{});
}

/// Reads what can be read: an unreadable row is a missing one.
class Wreck {
 public:
  Wreck(Database database, std::uint64_t most_rows) : m_database(std::move(database)), m_most_rows(most_rows) {}

  Result<void> prepare() {
    for (const auto& [statement, sql] :
         {std::pair{&m_event, "SELECT bytes, hash FROM event WHERE seq = ?"},
          {&m_receipt,
           "SELECT running, subject, code_hash, secret_hash, copy, issued_ms FROM receipt WHERE seq = ?"}}) {
      auto prepared = m_database.prepare(sql);
      if (!prepared) return tl::unexpected(prepared.error());
      *statement = std::move(*prepared);
    }
    const std::string job =
        "SELECT running, copy, printer, state, attempt, handle, reason, payload, created_ms, updated_ms, ";
    auto prepared = m_database.prepare(job + "mark FROM print_job WHERE id = ?");
    // The first schema had no marks.
    if (!prepared) prepared = m_database.prepare(job + "0 FROM print_job WHERE id = ?");
    if (!prepared) return tl::unexpected(prepared.error());
    m_job = std::move(*prepared);
    auto blob = m_database.prepare("SELECT hash, size FROM blob WHERE seq = ?");
    m_has_blobs = blob.has_value();
    if (blob) m_blob = std::move(*blob);
    return {};
  }

  /// The highest key of a table; nothing when that cannot be read or the file is too small for so many rows.
  std::optional<std::uint64_t> highest(const char* sql) {
    auto statement = m_database.prepare(sql);
    if (!statement) return std::nullopt;
    auto row = statement->step();
    if (!row || !*row) return std::nullopt;
    const auto key = static_cast<std::uint64_t>(statement->integer(0));
    return key <= m_most_rows ? std::optional(key) : std::nullopt;
  }

  std::optional<Row> event(std::uint64_t seq) {
    auto found = m_event.bind(static_cast<std::int64_t>(seq)).step();
    if (!found || !*found) return std::nullopt;
    Row out{m_event.bytes(0), to_hash(m_event.bytes(1)), false};
    m_event.reset();
    out.whole = !out.bytes.empty() && record::hash(out.bytes) == out.hash;
    return out;
  }

  std::optional<ReceiptLine> receipt(std::uint64_t seq) {
    auto found = m_receipt.bind(static_cast<std::int64_t>(seq)).step();
    if (!found || !*found) return std::nullopt;
    ReceiptLine out{
        static_cast<std::uint32_t>(m_receipt.integer(0)), m_receipt.bytes(1),  m_receipt.bytes(2), m_receipt.bytes(3),
        static_cast<int>(m_receipt.integer(4)),           m_receipt.integer(5)};
    m_receipt.reset();
    return out;
  }

  /// The attachment that an event named; older schemas had none.
  std::optional<record::BlobName> blob(std::uint64_t seq) {
    if (!m_has_blobs) return std::nullopt;
    auto found = m_blob.bind(static_cast<std::int64_t>(seq)).step();
    if (!found || !*found) return std::nullopt;
    const record::Bytes hash = m_blob.bytes(0);
    const record::BlobName out{to_hash(hash), static_cast<std::uint64_t>(m_blob.integer(1))};
    m_blob.reset();
    const bool sound = hash.size() == out.hash.size() && out.bytes > 0 && out.bytes <= record::k_most_blob_bytes;
    return sound ? std::optional(out) : std::nullopt;
  }

  /// Copies one job; false when it is not there or makes no sense.
  bool copy_job(std::uint64_t id, Statement& insert, std::set<std::pair<std::uint32_t, int>>& copied) {
    auto found = m_job.bind(static_cast<std::int64_t>(id)).step();
    if (!found || !*found) return false;
    const bool sound = parse_print_state(m_job.text(3)).has_value();
    if (sound) {
      insert.bind(static_cast<std::int64_t>(id)).bind(m_job.integer(0)).bind(m_job.integer(1));
      insert.bind(std::string_view(m_job.text(2))).bind(std::string_view(m_job.text(3))).bind(m_job.integer(4));
      insert.bind(std::string_view(m_job.text(5))).bind(std::string_view(m_job.text(6)));
      m_job.is_null(7) ? insert.bind_null() : insert.bind(record::ByteView(m_job.bytes(7)));
      insert.bind(m_job.integer(8)).bind(m_job.integer(9)).bind(m_job.integer(10));
      copied.emplace(static_cast<std::uint32_t>(m_job.integer(0)), static_cast<int>(m_job.integer(1)));
    }
    m_job.reset();
    return sound && insert.run().has_value();
  }

  /// What can be read of the printers' notes; older schemas had none.
  std::vector<PrinterNote> printers() {
    std::vector<PrinterNote> out;
    auto statement = m_database.prepare("SELECT name, paused_ms, used_mm, changed_ms FROM printer LIMIT 16");
    if (!statement) return out;
    for (;;) {
      auto row = statement->step();
      if (!row || !*row) return out;
      out.push_back({statement->text(0), statement->integer(1), statement->integer(2), statement->integer(3)});
    }
  }

  /// The commands that have come to an end; older schemas had none.
  std::vector<std::pair<record::Bytes, std::int64_t>> commands() {
    std::vector<std::pair<record::Bytes, std::int64_t>> out;
    auto statement = m_database.prepare("SELECT id, seq FROM command LIMIT 100000");
    if (!statement) return out;
    for (;;) {
      auto row = statement->step();
      if (!row || !*row) return out;
      out.emplace_back(statement->bytes(0), statement->integer(1));
    }
  }

 private:
  Database m_database;
  std::uint64_t m_most_rows;
  Statement m_event, m_receipt, m_job, m_blob;
  bool m_has_blobs = false;
};

class Rebuild {
 public:
  Rebuild(Wreck& wreck, Database& fresh, const std::string& folder, std::uint64_t acked_seq, Salvage& report)
      : m_wreck(wreck), m_fresh(fresh), m_folder(folder), m_acked_seq(acked_seq), m_report(report) {}

  Result<void> run() {
    auto transaction = Transaction::begin(m_fresh);
    if (!transaction) return tl::unexpected(transaction.error());
    for (const auto& step : {&Rebuild::events, &Rebuild::receipts, &Rebuild::jobs, &Rebuild::printers, &Rebuild::blobs,
                             &Rebuild::commands}) {
      if (auto done = (this->*step)(); !done) return done;
    }
    return transaction->commit();
  }

 private:
  Result<void> events() {
    auto insert = m_fresh.prepare("INSERT INTO event(seq, bytes, hash) VALUES(?, ?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    const std::optional<std::uint64_t> end = m_wreck.highest("SELECT max(seq) FROM event");
    const std::uint64_t known =
        std::max({m_acked_seq, end.value_or(0), m_wreck.highest("SELECT max(seq) FROM receipt").value_or(0)});
    std::uint64_t last = known;
    std::map<std::uint64_t, std::optional<Row>> held;
    for (std::uint64_t seq = 1; seq <= known || held.size() < k_most_misses; seq++) {
      auto row = m_wreck.event(seq);
      const bool whole = row && row->whole;
      std::optional<record::Hash> before;
      if (whole) {
        const auto event = record::parse_event(row->bytes);
        if (event) before = event->prev;
        if (event) remember(*event);
      }
      // A doubtful row is decided by its successor, which names its hash.
      if (whole) {
        for (const auto& [at, doubtful] : std::views::reverse(held)) {
          auto named = decide(*insert, at, doubtful, before);
          if (!named) return tl::unexpected(named.error());
          before = *named;
        }
        held.clear();
        last = std::max(last, seq);
        m_report.events++;
        if (auto done = put(*insert, seq, row->bytes, row->hash); !done) return done;
      } else if (row && row->bytes.empty() && held.empty()) {
        if (auto done = decide(*insert, seq, row, std::nullopt); !done) return tl::unexpected(done.error());
      } else {
        held.emplace(seq, std::move(row));
      }
    }
    // What a receipt or the centre knows of existed, even behind the last whole row.
    for (auto& [seq, row] : held) {
      if (seq > known) break;
      if (auto done = decide(*insert, seq, row, std::nullopt); !done) return tl::unexpected(done.error());
    }
    if (end) return {};
    // Nobody knows what came after: no seq and no number may be given a second time.
    m_report.lost.push_back(last + 1);
    return put(*insert, last + 1, k_lost_event, {});
  }

  /// Whether a doubtful row can be kept. Its successor, where that is known, has `named` its hash; returns what it then
  /// names itself.
  Result<std::optional<record::Hash>> decide(Statement& insert, std::uint64_t seq, const std::optional<Row>& row,
                                             const std::optional<record::Hash>& named) {
    const record::Hash hash = named ? *named : row ? row->hash : record::Hash{};
    const auto placed = [&](record::ByteView bytes, std::optional<record::Hash> before) {
      auto done = put(insert, seq, bytes, hash);
      return done ? Result<std::optional<record::Hash>>(before) : tl::unexpected(done.error());
    };
    const bool purged = row && row->bytes.empty();
    if (row && !purged) {
      record::Bytes bytes = row->bytes;
      // The centre can say what a confirmed event was; what only this disk has is worth a search.
      if (record::hash(bytes) == hash || (seq > m_acked_seq && mend(bytes, hash))) {
        const auto event = record::parse_event(bytes);
        if (event) {
          m_report.events++;
          remember(*event);
          return placed(bytes, event->prev);
        }
      }
    }
    m_receipt_seqs.push_back(seq);
    if (purged) return placed({}, std::nullopt);
    if (seq <= m_acked_seq) {
      m_report.forgotten++;
      return placed({}, std::nullopt);
    }
    m_report.lost.push_back(seq);
    return placed(k_lost_event, std::nullopt);
  }

  /// Finds the one byte that differs from what was hashed, as rot leaves it; about a second an event.
  bool mend(record::Bytes& bytes, const record::Hash& hash) {
    if (bytes.size() > k_longest_mended || m_mends == k_most_mends) return false;
    m_mends++;
    for (std::uint8_t& byte : bytes) {
      const std::uint8_t before = byte;
      for (unsigned change = 1; change < 256; change++) {
        byte = static_cast<std::uint8_t>(before ^ change);
        if (record::hash(bytes) == hash) return true;
      }
      byte = before;
    }
    return false;
  }

  Result<void> put(Statement& insert, std::uint64_t seq, record::ByteView bytes, const record::Hash& hash) {
    m_last = std::max(m_last, seq);
    return insert.bind(static_cast<std::int64_t>(seq)).bind(bytes).bind(record::ByteView(hash)).run();
  }

  /// What an event says about receipts and paper.
  void remember(const record::Event& event) {
    const auto text = [&](const char* name) {
      const auto found = event.facts.find(name);
      return found == event.facts.end() ? std::string() : found->second;
    };
    if (event.type == record::EventType::device_command) {
      if (const auto outcome = record::command_outcome(event.facts)) m_commands.emplace(outcome->id, event.seq);
      return;
    }
    const auto number = record::TrackingNumber::parse(text("number"));
    if (!number) return;
    if (auto added = record::attachment_of(event)) m_blobs.emplace(event.seq, added->attachment.blob);
    const int copy = std::atoi(text("copy").c_str());
    if (event.type == record::EventType::receipt_printed || event.type == record::EventType::receipt_reprinted) {
      m_printed[{number->running, copy}] = text("outcome") == "sent" ? PrintState::sent : PrintState::printed;
    }
    if (event.type != record::EventType::complaint_created && event.type != record::EventType::receipt_reissued) return;
    const auto code = record::from_hex(text("code_hash"));
    const auto secret = record::from_hex(text("secret_hash"));
    if (!code || !secret) return;
    const record::Bytes subject(event.subject.bytes.begin(), event.subject.bytes.end());
    m_receipts[event.seq] = {number->running, subject, *code, *secret, copy, event.time_ms};
  }

  Result<void> receipts() {
    for (const std::uint64_t seq : m_receipt_seqs) {
      if (auto line = m_wreck.receipt(seq)) m_receipts.emplace(seq, std::move(*line));
    }
    std::map<std::uint32_t, int> latest;
    for (const auto& [seq, line] : m_receipts) latest[line.running] = std::max(latest[line.running], line.copy);
    auto insert = m_fresh.prepare(
        "INSERT INTO receipt(seq, running, subject, code_hash, secret_hash, copy, issued_ms, voided) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    for (const auto& [seq, line] : m_receipts) {
      auto done = insert->bind(static_cast<std::int64_t>(seq))
                      .bind(static_cast<std::int64_t>(line.running))
                      .bind(record::ByteView(line.subject))
                      .bind(record::ByteView(line.code_hash))
                      .bind(record::ByteView(line.secret_hash))
                      .bind(static_cast<std::int64_t>(line.copy))
                      .bind(line.issued_ms)
                      .bind(static_cast<std::int64_t>(line.copy < latest[line.running] ? 1 : 0))
                      .run();
      if (!done) return done;
    }
    return {};
  }

  // A file that was purged has no row: its event says that it existed, the folder that it does no more. Of an event
  // that cannot say it itself the old row does: its photo is all the more needed.
  Result<void> blobs() {
    for (std::uint64_t seq = 1; seq <= m_last; seq++) {
      if (m_blobs.contains(seq)) continue;
      if (const auto named = m_wreck.blob(seq)) m_blobs.emplace(seq, *named);
    }
    auto insert = m_fresh.prepare("INSERT OR IGNORE INTO blob(seq, hash, size) VALUES(?, ?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    for (const auto& [seq, blob] : m_blobs) {
      if (!m_folder.has(blob.hash)) continue;
      auto done = insert->bind(static_cast<std::int64_t>(seq))
                      .bind(record::ByteView(blob.hash))
                      .bind(static_cast<std::int64_t>(blob.bytes))
                      .run();
      if (!done) return done;
    }
    return {};
  }

  // What the events say, and for those whose event was purged what the table says.
  Result<void> commands() {
    auto insert = m_fresh.prepare("INSERT OR IGNORE INTO command(id, seq) VALUES(?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    for (const auto& [id, seq] : m_commands) {
      auto done = insert->bind(record::ByteView(id.bytes)).bind(static_cast<std::int64_t>(seq)).run();
      if (!done) return done;
    }
    for (const auto& [id, seq] : m_wreck.commands()) {
      if (id.size() != record::Uuid{}.bytes.size()) continue;
      if (auto done = insert->bind(record::ByteView(id)).bind(seq).run(); !done) return done;
    }
    return {};
  }

  // Where they cannot be read, a meter begins again at zero and a paused printer prints: a look mends it.
  Result<void> printers() {
    auto insert = m_fresh.prepare("INSERT INTO printer(name, paused_ms, used_mm, changed_ms) VALUES(?, ?, ?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    for (const PrinterNote& note : m_wreck.printers()) {
      auto done =
          insert->bind(std::string_view(note.name)).bind(note.paused_ms).bind(note.used_mm).bind(note.changed_ms).run();
      if (!done) return done;
    }
    return {};
  }

  Result<void> jobs() {
    auto insert = m_fresh.prepare(
        "INSERT INTO print_job(id, running, copy, printer, state, attempt, handle, reason, payload, created_ms, "
        "updated_ms, mark) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    std::set<std::pair<std::uint32_t, int>> copied;
    const std::uint64_t known = m_wreck.highest("SELECT max(id) FROM print_job").value_or(0);
    std::uint64_t misses = 0;
    for (std::uint64_t id = 1; id <= known || misses < k_most_misses; id++) {
      misses = m_wreck.copy_job(id, *insert, copied) ? 0 : misses + 1;
    }
    auto made = m_fresh.prepare(
        "INSERT INTO print_job(running, copy, printer, state, attempt, handle, reason, payload, created_ms, "
        "updated_ms) VALUES(?, ?, '', ?, 0, '', 'damaged', NULL, ?, ?)");
    if (!made) return tl::unexpected(made.error());
    for (const auto& [seq, line] : m_receipts) {
      if (copied.contains({line.running, line.copy})) continue;
      const auto paper = m_printed.find({line.running, line.copy});
      const PrintState state = paper == m_printed.end() ? PrintState::unknown : paper->second;
      m_report.jobs += state == PrintState::unknown ? 1U : 0U;
      auto done = made->bind(static_cast<std::int64_t>(line.running))
                      .bind(static_cast<std::int64_t>(line.copy))
                      .bind(std::string_view(print_state_name(state)))
                      .bind(line.issued_ms)
                      .bind(line.issued_ms)
                      .run();
      if (!done) return done;
    }
    return {};
  }

  Wreck& m_wreck;
  Database& m_fresh;
  BlobFolder m_folder;
  std::uint64_t m_acked_seq;
  Salvage& m_report;
  std::map<std::uint64_t, ReceiptLine> m_receipts;
  std::map<std::uint64_t, record::BlobName> m_blobs;
  std::map<record::Uuid, std::uint64_t> m_commands;
  int m_mends = 0;
  std::uint64_t m_last = 0;                   ///< of the rebuilt chain
  std::vector<std::uint64_t> m_receipt_seqs;  ///< of events that cannot say it themselves
  std::map<std::pair<std::uint32_t, int>, PrintState> m_printed;
};

void remove_database(const std::string& path) {
  for (const char* end : {"", "-wal", "-shm"}) ::unlink((path + end).c_str());
}

tl::unexpected<record::Error> failed(const std::string& path) {
  return fail(errno == ENOSPC ? ErrorKind::full : ErrorKind::io, fmt::format("{}: {}", path, std::strerror(errno)));
}

std::uint64_t size_of(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

/// Second names for the files, so that they stay when the first ones are given to others. Costs no room.
Result<std::string> keep_aside(const std::string& folder, const record::Clock& clock) {
  // A disk that dies slowly must not fill up with copies of itself.
  const std::vector<std::string> earlier = damaged_copies(folder);
  for (std::size_t n = 0; n + k_most_copies <= earlier.size(); n++) {
    std::error_code ignored;
    std::filesystem::remove_all(earlier[n], ignored);
  }
  std::string stamp = record::rfc3339(clock.unix_ms());
  std::replace(stamp.begin(), stamp.end(), ':', '-');
  std::string aside = folder + "/damaged-" + stamp;
  for (int n = 2; ::access(aside.c_str(), F_OK) == 0; n++) aside = fmt::format("{}/damaged-{}-{}", folder, stamp, n);
  if (auto made = make_folder(aside); !made) return tl::unexpected(made.error());
  for (const char* name : {"/intake.db", "/intake.db-wal"}) {
    if (::link((folder + name).c_str(), (aside + name).c_str()) != 0 && errno != ENOENT) return failed(aside + name);
  }
  if (auto kept = sync_folder(aside); !kept) return tl::unexpected(kept.error());
  if (auto kept = sync_folder(folder); !kept) return tl::unexpected(kept.error());
  return aside;
}

Result<Wreck> open_wreck(const std::string& path) {
  auto database = Database::open(path, Database::Mode::reader);
  if (!database) return tl::unexpected(database.error());
  Wreck wreck(std::move(*database), size_of(path) + size_of(path + "-wal"));
  if (auto readable = wreck.prepare(); !readable) return tl::unexpected(readable.error());
  return wreck;
}

/// Where the first page is gone, so is the list of tables; a new store's first page names the same places for them.
Result<void> lend_first_page(const std::string& folder, const std::string& fresh, const std::string& to) {
  std::error_code error;
  for (const char* end : {"", "-wal"}) {
    const std::string from = folder + "/intake.db" + end;
    if (end[0] != '\0' && !std::filesystem::exists(from, error)) continue;
    if (!std::filesystem::copy_file(from, to + end, error)) {
      return fail(ErrorKind::full, fmt::format("{}: cannot be copied: {}", from, error.message()));
    }
  }
  std::string page(k_page, '\0');
  std::ifstream(fresh, std::ios::binary).read(page.data(), static_cast<std::streamsize>(page.size()));
  std::fill_n(page.begin() + 28, 4, '\0');  // how many pages: as many as the file has
  std::fstream file(to, std::ios::binary | std::ios::in | std::ios::out);
  if (!file.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) return failed(to);
  return {};
}

/// The new database, complete and on disk, under a name that says so.
Result<void> build(const std::string& folder, std::uint64_t acked_seq, Salvage& report) {
  const std::string path = folder + "/intake.db.new";
  const std::string patched = folder + "/intake.db.patched";
  remove_database(path);
  remove_database(patched);
  {
    auto fresh = Database::open(path, Database::Mode::writer);
    if (!fresh) return tl::unexpected(fresh.error());
    if (auto made = ensure_intake_schema(*fresh); !made) return made;
    if (auto done = fresh->run("PRAGMA wal_checkpoint(TRUNCATE)"); !done) return done;
    auto wreck = open_wreck(folder + "/intake.db");
    if (!wreck && wreck.error().kind == ErrorKind::corrupt) {
      if (auto lent = lend_first_page(folder, path, patched); !lent) return lent;
      wreck = open_wreck(patched);
    }
    if (!wreck) return tl::unexpected(wreck.error());
    if (auto done = Rebuild(*wreck, *fresh, folder, acked_seq, report).run(); !done) return done;
    if (auto done = fresh->run("PRAGMA wal_checkpoint(TRUNCATE)"); !done) return done;
  }
  remove_database(patched);
  ::unlink((path + "-wal").c_str());
  ::unlink((path + "-shm").c_str());
  if (::rename(path.c_str(), (folder + "/intake.db.rebuilt").c_str()) != 0) return failed(path);
  return sync_folder(folder);
}

}  // namespace

std::vector<std::string> damaged_copies(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().starts_with("damaged-")) out.push_back(entry.path().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<void> finish_salvage(const std::string& folder) {
  const std::string rebuilt = folder + "/intake.db.rebuilt";
  if (::access(rebuilt.c_str(), F_OK) != 0) return {};
  // The old log must be gone before the new database has its name: it would be played into it.
  ::unlink((folder + "/intake.db-wal").c_str());
  ::unlink((folder + "/intake.db-shm").c_str());
  if (auto done = sync_folder(folder); !done) return done;
  if (::rename(rebuilt.c_str(), (folder + "/intake.db").c_str()) != 0) return failed(rebuilt);
  return sync_folder(folder);
}

Result<Salvage> salvage_intake(const std::string& folder, std::uint64_t acked_seq, const record::Clock& clock) {
  Salvage report;
  auto aside = keep_aside(folder, clock);
  if (!aside) return tl::unexpected(aside.error());
  report.copy = *aside;
  if (auto built = build(folder, acked_seq, report); !built) {
    for (const char* name : {"/intake.db.new", "/intake.db.patched"}) remove_database(folder + name);
    std::error_code ignored;
    std::filesystem::remove_all(report.copy, ignored);
    return tl::unexpected(built.error());
  }
  if (auto done = finish_salvage(folder); !done) return tl::unexpected(done.error());
  return report;
}

}  // namespace anjungan::store
