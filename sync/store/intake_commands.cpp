// SPDX-License-Identifier: Apache-2.0
// IntakeStore: the ends of the centre's commands. Row and event are one transaction: so each is told once, and nothing
// that has come to an end is begun again, whatever the centre repeats.
#include "sync/store/intake_store.h"

namespace anjungan::store {

using record::Result;

Result<bool> IntakeStore::command_ended(const record::Uuid& id) {
  auto find = m_database.prepare("SELECT 1 FROM command WHERE id = ?");
  if (!find) return tl::unexpected(find.error());
  return find->bind(record::ByteView(id.bytes)).step();
}

Result<void> IntakeStore::end_command(const record::CommandOutcome& outcome) {
  return chained([&]() -> Result<bool> {
    auto known = command_ended(outcome.id);
    if (!known) return tl::unexpected(known.error());
    if (*known) return false;
    const record::Event event = next_event(record::EventType::device_command, {}, record::to_facts(outcome));
    auto hash = insert_event(event);
    if (!hash) return tl::unexpected(hash.error());
    auto insert = m_database.prepare("INSERT INTO command(id, seq) VALUES(?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    auto done = insert->bind(record::ByteView(outcome.id.bytes)).bind(static_cast<std::int64_t>(event.seq)).run();
    if (!done) return tl::unexpected(done.error());
    m_last_hash = *hash;
    return true;
  });
}

}  // namespace anjungan::store
