// SPDX-License-Identifier: Apache-2.0
// IntakeStore's receipts, print jobs and questions.
#include <fmt/format.h>

#include <algorithm>

#include "sync/record/keys.h"
#include "sync/store/intake_store.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::string_view k_receipt_columns =
    "SELECT r.running, r.seq, r.issued_ms, r.copy, r.voided, "
    "coalesce((SELECT j.state FROM print_job j WHERE j.running = r.running AND j.copy = r.copy ORDER BY j.id DESC "
    "LIMIT 1), "
    "'unknown'), "
    "coalesce((SELECT j.reason FROM print_job j WHERE j.running = r.running AND j.copy = r.copy ORDER BY j.id DESC "
    "LIMIT 1), "
    "'') FROM receipt r ";

constexpr std::string_view k_job_columns =
    "SELECT id, running, copy, printer, state, attempt, handle, reason, created_ms, updated_ms, mark, "
    "length_mm FROM print_job ";

}  // namespace

Result<std::vector<ReceiptRow>> IntakeStore::select_receipts(Statement& statement) {
  std::vector<ReceiptRow> out;
  for (;;) {
    auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    ReceiptRow one;
    one.number = {m_identity.region, m_identity.terminal, static_cast<std::uint32_t>(statement.integer(0))};
    one.seq = static_cast<std::uint64_t>(statement.integer(1));
    one.issued_ms = statement.integer(2);
    one.copies = static_cast<int>(statement.integer(3));
    one.voided = statement.integer(4) != 0;
    auto state = parse_print_state(statement.text(5));
    if (!state) return tl::unexpected(state.error());
    one.print = *state;
    one.reason = statement.text(6);
    out.push_back(std::move(one));
  }
}

Result<std::vector<ReceiptRow>> IntakeStore::receipts() {
  auto statement = m_database.prepare(std::string(k_receipt_columns) + "ORDER BY r.seq");
  if (!statement) return tl::unexpected(statement.error());
  return select_receipts(*statement);
}

Result<std::vector<ReceiptRow>> IntakeStore::latest_receipts(std::size_t most) {
  auto statement =
      m_database.prepare(std::string(k_receipt_columns) + "WHERE r.voided = 0 ORDER BY r.seq DESC LIMIT ?");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(static_cast<std::int64_t>(most));
  return select_receipts(*statement);
}

Result<std::optional<ReceiptRow>> IntakeStore::find_by_code(const record::AccessCode& code) {
  auto statement = m_database.prepare(std::string(k_receipt_columns) + "WHERE r.code_hash = ?");
  if (!statement) return tl::unexpected(statement.error());
  const record::Hash hash = code.code_hash();
  statement->bind(record::ByteView(hash));
  auto rows = select_receipts(*statement);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return rows->front();
}

Result<std::optional<ReceiptRow>> IntakeStore::find_by_number(const record::TrackingNumber& number) {
  auto statement =
      m_database.prepare(std::string(k_receipt_columns) + "WHERE r.running = ? ORDER BY r.seq DESC LIMIT 1");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(static_cast<std::int64_t>(number.running));
  auto rows = select_receipts(*statement);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty() || rows->front().number != number) return std::nullopt;
  return rows->front();
}

Result<std::vector<PrintJob>> IntakeStore::select_jobs(Statement& statement) {
  std::vector<PrintJob> out;
  for (;;) {
    auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    PrintJob one;
    one.id = statement.integer(0);
    one.number = {m_identity.region, m_identity.terminal, static_cast<std::uint32_t>(statement.integer(1))};
    one.copy = static_cast<int>(statement.integer(2));
    one.printer = statement.text(3);
    auto state = parse_print_state(statement.text(4));
    if (!state) return tl::unexpected(state.error());
    one.state = *state;
    one.attempt = static_cast<int>(statement.integer(5));
    one.handle = statement.text(6);
    one.reason = statement.text(7);
    one.created_ms = statement.integer(8);
    one.updated_ms = statement.integer(9);
    one.mark = static_cast<int>(statement.integer(10));
    one.length_mm = static_cast<int>(statement.integer(11));
    out.push_back(std::move(one));
  }
}

Result<std::vector<PrintJob>> IntakeStore::open_jobs() {
  auto statement = m_database.prepare(std::string(k_job_columns) +
                                      "WHERE state IN ('queued', 'sending', 'failed', 'unknown') ORDER BY id");
  if (!statement) return tl::unexpected(statement.error());
  return select_jobs(*statement);
}

Result<std::optional<PrintJob>> IntakeStore::job(std::int64_t id) {
  auto statement = m_database.prepare(std::string(k_job_columns) + "WHERE id = ?");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(id);
  auto rows = select_jobs(*statement);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return rows->front();
}

Result<std::vector<PrintJob>> IntakeStore::jobs_of(const record::TrackingNumber& number) {
  if (number.region != m_identity.region || number.terminal != m_identity.terminal) return std::vector<PrintJob>();
  auto statement = m_database.prepare(std::string(k_job_columns) + "WHERE running = ? ORDER BY id");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(static_cast<std::int64_t>(number.running));
  return select_jobs(*statement);
}

Result<std::string> IntakeStore::payload(std::int64_t job_id) {
  auto statement = m_database.prepare("SELECT payload, running, copy FROM print_job WHERE id = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->bind(job_id).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row || statement->is_null(0)) return fail(ErrorKind::not_found, "print payload: wiped");
  const record::Bytes sealed = statement->bytes(0);
  const std::string context = fmt::format("print:{}:{}", statement->integer(1), statement->integer(2));
  statement->reset();
  auto plain = m_runtime_key.decrypt(sealed, context);
  if (!plain) return tl::unexpected(plain.error());
  std::string text = record::to_text(*plain);
  record::wipe(*plain);
  return text;
}

Result<void> IntakeStore::settle_printed(const PrintJob& job) {
  auto subject = m_database.prepare("SELECT subject FROM receipt WHERE running = ? AND copy = ?");
  if (!subject) return tl::unexpected(subject.error());
  auto row =
      subject->bind(static_cast<std::int64_t>(job.number.running)).bind(static_cast<std::int64_t>(job.copy)).step();
  if (!row) return tl::unexpected(row.error());
  record::Uuid id;
  if (*row) {
    const record::Bytes bytes = subject->bytes(0);
    if (bytes.size() == id.bytes.size()) std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  }
  subject->reset();
  record::Facts facts;
  facts["number"] = job.number.str();
  facts["copy"] = std::to_string(job.copy);
  facts["outcome"] = print_state_name(job.state);
  const auto type = job.copy == 0 ? record::EventType::receipt_printed : record::EventType::receipt_reprinted;
  const record::Event event = next_event(type, id, std::move(facts));
  auto hash = insert_event(event);
  if (!hash) return tl::unexpected(hash.error());
  m_last_hash = *hash;
  return {};
}

// One transaction that may have one event in it (`change` says so), on the ballast's room if there is no other.
Result<void> IntakeStore::chained(const std::function<Result<bool>()>& change) {
  if (auto well = standing(); !well) return well;
  const auto attempt = [&]() -> Result<void> {
    auto transaction = Transaction::begin(m_database);
    if (!transaction) return tl::unexpected(transaction.error());
    const record::Hash before = m_last_hash;
    const auto told = change();
    auto done = told ? transaction->commit() : tl::unexpected(told.error());
    if (!done) {
      m_last_hash = before;
    } else if (*told) {
      m_last_seq++;
    }
    return done;
  };
  auto done = attempt();
  if (!done && done.error().kind == ErrorKind::full) {
    drop_ballast();
    done = attempt();
  }
  if (!done) watch(done.error());
  return done;
}

Result<void> IntakeStore::write_job(const PrintJob& job) {
  auto update = m_database.prepare(
      std::string("UPDATE print_job SET printer = ?, state = ?, attempt = ?, handle = ?, reason = ?, mark = ?, "
                  "length_mm = ?, updated_ms = ?") +
      (job.settled() ? ", payload = NULL WHERE id = ?" : " WHERE id = ?"));
  if (!update) return tl::unexpected(update.error());
  return update->bind(std::string_view(job.printer))
      .bind(std::string_view(print_state_name(job.state)))
      .bind(static_cast<std::int64_t>(job.attempt))
      .bind(std::string_view(job.handle))
      .bind(std::string_view(job.reason))
      .bind(static_cast<std::int64_t>(job.mark))
      .bind(static_cast<std::int64_t>(job.length_mm))
      .bind(m_clock->unix_ms())
      .bind(job.id)
      .run();
}

Result<void> IntakeStore::count_paper(const PrintJob& job) {
  auto count = m_database.prepare(
      "INSERT INTO printer(name, paused_ms, used_mm, changed_ms) VALUES(?, 0, ?, 0) "
      "ON CONFLICT(name) DO UPDATE SET used_mm = used_mm + excluded.used_mm");
  if (!count) return tl::unexpected(count.error());
  return count->bind(std::string_view(job.printer)).bind(static_cast<std::int64_t>(job.length_mm)).run();
}

Result<void> IntakeStore::update_job(const PrintJob& job, const record::Facts* deed) {
  const bool printed = job.state == PrintState::printed || job.state == PrintState::sent;
  ANJUNGAN_CHECK(!(printed && deed != nullptr));  // one event a transaction
  return chained([&]() -> Result<bool> {
    PrintJob written = job;
    const bool took_paper = printed || job.state == PrintState::unknown;
    if (took_paper && job.length_mm > 0) {
      if (auto done = count_paper(job); !done) return tl::unexpected(done.error());
      written.length_mm = 0;
    }
    if (auto done = write_job(written); !done) return tl::unexpected(done.error());
    if (printed) {
      if (auto done = settle_printed(job); !done) return tl::unexpected(done.error());
    } else if (deed != nullptr) {
      if (auto done = tell_deed(*deed); !done) return tl::unexpected(done.error());
    }
    return printed || deed != nullptr;
  });
}

Result<void> IntakeStore::tell_deed(const record::Facts& deed) {
  auto hash = insert_event(next_event(record::EventType::device_printer, {}, deed));
  if (!hash) return tl::unexpected(hash.error());
  m_last_hash = *hash;
  return {};
}

Result<PrinterNote> IntakeStore::printer(std::string_view name) {
  auto statement = m_database.prepare("SELECT paused_ms, used_mm, changed_ms FROM printer WHERE name = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->bind(name).step();
  if (!row) return tl::unexpected(row.error());
  PrinterNote out{std::string(name)};
  if (!*row) return out;
  out.paused_ms = statement->integer(0);
  out.used_mm = statement->integer(1);
  out.changed_ms = statement->integer(2);
  statement->reset();
  return out;
}

Result<void> IntakeStore::update_printer(const PrinterNote& note, const record::Facts& deed) {
  return chained([&]() -> Result<bool> {
    auto update = m_database.prepare(
        "INSERT INTO printer(name, paused_ms, used_mm, changed_ms) VALUES(?, ?, ?, ?) ON CONFLICT(name) DO UPDATE SET "
        "paused_ms = excluded.paused_ms, used_mm = excluded.used_mm, changed_ms = excluded.changed_ms");
    if (!update) return tl::unexpected(update.error());
    auto done =
        update->bind(std::string_view(note.name)).bind(note.paused_ms).bind(note.used_mm).bind(note.changed_ms).run();
    if (done) done = tell_deed(deed);
    if (!done) return tl::unexpected(done.error());
    return true;
  });
}

Result<void> IntakeStore::ask(const Question& question) {
  auto insert = m_database.prepare("INSERT INTO question(id, code_hash, reply_key, asked_ms) VALUES(?, ?, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  return insert->bind(record::ByteView(question.id.bytes))
      .bind(record::ByteView(question.code_hash))
      .bind(record::ByteView(question.reply_key))
      .bind(question.asked_ms)
      .run();
}

Result<void> IntakeStore::forget_question(const record::Uuid& id) {
  auto remove = m_database.prepare("DELETE FROM question WHERE id = ?");
  if (!remove) return tl::unexpected(remove.error());
  return remove->bind(record::ByteView(id.bytes)).run();
}

Result<void> IntakeStore::forget_questions() { return m_database.run("DELETE FROM question"); }

}  // namespace anjungan::store
