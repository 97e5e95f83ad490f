// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/fleet/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "sync/agent/carry_out.h"
#include "sync/store/files.h"

namespace anjungan::simulation {
namespace {

using record::ErrorKind;

record::Complaint complaint() {
  record::Complaint out;
  out.category = "jalan.lubang";
  out.district = "coblong";
  out.story = "Lubang besar di depan sekolah sudah dua minggu";
  out.place = "Jalan Contoh nomor delapan";
  out.name = "Sumiati Namasaja";
  out.phone = "081234567890";
  return out;
}

store::Identity identity_in(const std::string& folder) {
  auto identity = store::load_identity(folder);
  ANJUNGAN_CHECK(identity.has_value());
  return *std::move(identity);
}

}  // namespace

SimulatedTerminal::SimulatedTerminal(World& world, std::string folder, const store::PowerLossDisk::Image& image,
                                     agent::Transport& transport)
    : m_world(world),
      m_folder(std::move(folder)),
      m_transport(transport),
      m_clock(world),
      m_disk(world.below(UINT64_MAX), image, m_folder + "/"),
      m_identity(identity_in(m_folder)),
      m_backoff(std::chrono::seconds(5), std::chrono::seconds(900),
                [&world](std::uint64_t bound) { return world.below(bound); }) {}

void SimulatedTerminal::violate(const std::string& what) {
  if (m_violation.empty()) m_violation = fmt::format("{}: {}", m_identity.device(), what);
}

bool SimulatedTerminal::open_app() {
  if (m_app) return true;
  m_disk.run_as(k_app);
  store::IntakeOptions options;
  options.ballast_bytes = 0;
  options.low_water_bytes = 0;
  options.clock = &m_clock;
  if (auto sync = store::SyncReader::open(m_folder)) {
    if (const auto state = sync->state()) options.acked_seq = state->acked_seq;
  }
  auto key = store::load_key(m_folder, store::KeyUse::receipt);
  ANJUNGAN_CHECK(key.has_value());
  auto opened = store::IntakeStore::open(m_folder, m_folder + "/run", m_identity, *std::move(key), options);
  if (!opened) {
    if (m_disk.alive(k_app) && opened.error().kind != ErrorKind::full) {
      violate("the store does not open: " + opened.error().text);
    }
    return false;
  }
  m_app = *std::move(opened);
  if (m_app->salvage()) violate("the store was damaged");
  return true;
}

bool SimulatedTerminal::open_agent() {
  if (m_agent) return true;
  m_disk.run_as(k_agent);
  auto identity = store::load_identity(m_folder);
  auto key = store::load_key(m_folder, store::KeyUse::device);
  auto memory = store::SyncStore::open(m_folder);
  ANJUNGAN_CHECK(identity.has_value() && key.has_value());
  if (!memory) return false;
  auto opened = agent::Uplink::open({m_folder, *std::move(identity), *std::move(key), *std::move(memory), &m_transport,
                                     &m_clock, 1 + m_world.below(8)});
  if (!opened) return false;
  m_agent.emplace(*std::move(opened));
  return true;
}

void SimulatedTerminal::remember(const store::Issued& issued) {
  m_given[issued.number.running] = {issued.seq, issued.code.str()};
}

void SimulatedTerminal::file_complaint() {
  if (!open_app()) return tidy();
  const record::Complaint said = complaint();
  store::Submission submission{
      &said,   *record::DataKey::prepare({m_identity.seal_to.front()}),  "kiosk", {}, nullptr, 420,
      "struk", [](const store::Issued& one) { return one.number.str(); }};
  const auto issued = m_app->submit(std::move(submission));
  if (issued && m_given.contains(issued->number.running)) violate("a number was given twice");
  if (issued) remember(*issued);
  tidy();
}

void SimulatedTerminal::print() {
  if (!open_app()) return tidy();
  m_disk.run_as(k_app);
  const auto jobs = m_app->open_jobs();
  if (jobs && !jobs->empty()) {
    store::PrintJob job = (*jobs)[m_world.below(jobs->size())];
    const auto fate = m_world.below(4);
    if (fate == 0) {
      // Where it fails half-way, nobody holds the new code and the old one may be void.
      const auto given = m_given.find(job.number.running);
      if (given != m_given.end()) given->second.code.clear();
      const auto issued = m_app->reissue(job.number, "lost", "struk", {});
      // It may be the first paper with a number whose filing seemed to fail.
      if (issued) m_given[job.number.running].code = issued->code.str();
    } else {
      job.state = fate == 1 ? store::PrintState::sent : store::PrintState::printed;
      static_cast<void>(m_app->update_job(job));
    }
  }
  tidy();
}

void SimulatedTerminal::note_assistance() {
  if (!open_app()) return tidy();
  static_cast<void>(m_app->append(record::EventType::assistance_requested, record::Uuid{}, {{"screen", "story"}}));
  tidy();
}

void SimulatedTerminal::purge() {
  if (!open_app()) return tidy();
  m_disk.run_as(k_app);
  std::uint64_t confirmed_seq = 0;
  if (auto sync = store::SyncReader::open(m_folder)) {
    confirmed_seq = sync->long_confirmed(m_clock.unix_ms()).value_or(0);
  }
  const auto count = m_app->purge(confirmed_seq, 100);
  if (count) m_purged += *count;
  tidy();
}

agent::Exchange SimulatedTerminal::sync(std::size_t most) {
  agent::Exchange done;
  done.next = agent::Next::back_off;
  done.reason = "the agent does not start";
  for (std::size_t n = 0; n < most && open_agent(); n++) {
    m_disk.run_as(k_agent);
    done = m_agent->exchange();
    if (done.next != agent::Next::again || !m_disk.alive(k_agent)) break;
  }
  if (done.next == agent::Next::stop && m_disk.alive(k_agent)) m_disagreed = true;
  if (done.next == agent::Next::back_off || done.next == agent::Next::stop) {
    if (m_agent && m_disk.alive(k_agent)) m_agent->remember_failure(done.reason);
    m_next_sync_ms = m_world.now_ms() + m_backoff.after_failure(done.asked).count();
  } else {
    m_backoff.after_success();
    m_next_sync_ms = m_world.now_ms() + 30'000;
  }
  tidy();
  return done;
}

std::vector<record::Bytes> SimulatedTerminal::write_stick() {
  std::vector<record::Bytes> out;
  m_disk.run_as(k_stick);
  const std::string stick = m_folder + "/run/stick";
  ANJUNGAN_CHECK(store::make_folder(stick).has_value());
  // Fails where the agent has not taken over what a power cut left; somebody comes again another day.
  static_cast<void>(agent::carry_out({m_folder, stick, 1 + m_world.below(8)}, m_clock, [&](const auto& file) {
    auto bytes = store::read_file(stick + "/" + file.name, wire::k_max_request_bytes);
    ANJUNGAN_CHECK(bytes.has_value());
    out.push_back(*std::move(bytes));
  }));
  std::filesystem::remove_all(stick);
  tidy();
  return out;
}

void SimulatedTerminal::read_stick(record::ByteView answer) {
  if (!open_agent()) return tidy();
  m_disk.run_as(k_agent);
  const auto news = m_agent->take_carried(answer);
  if (news && news->outcome == agent::Uplink::CarriedNews::Outcome::taken) m_carried++;
  if (!news && news.error().kind == ErrorKind::conflict && m_disk.alive(k_agent)) m_disagreed = true;
  tidy();
}

void SimulatedTerminal::kill_app() {
  m_disk.kill_after(k_app, 0);
  tidy();
}

void SimulatedTerminal::kill_agent() {
  m_disk.kill_after(k_agent, 0);
  tidy();
}

void SimulatedTerminal::tidy() {
  if (!m_disk.powered()) return lose_power();
  if (!m_disk.alive(k_app)) {
    m_app.reset();
    m_disk.bury(k_app);
    ::unlink((m_folder + "/run/intake.suspect").c_str());  // the dead write no notes
  }
  if (!m_disk.alive(k_agent)) {
    m_agent.reset();
    m_disk.bury(k_agent);
  }
}

void SimulatedTerminal::spare() {
  m_disk.fail_power_after(0);
  m_disk.spare(k_app);
  m_disk.spare(k_agent);
}

void SimulatedTerminal::lose_power() {
  m_disk.kill_after(k_app, 0);
  m_disk.kill_after(k_agent, 0);
  m_app.reset();
  m_agent.reset();
  m_disk.restart();
  m_clock.boot();
  // What lay in memory.
  ::unlink((m_folder + "/run/intake.suspect").c_str());
  ::unlink((m_folder + "/run/print.key").c_str());
}

store::PowerLossDisk::Image SimulatedTerminal::copy_for(const std::string& folder) const {
  store::PowerLossDisk::Image out;
  for (const auto& [name, bytes] : m_disk.image()) out[folder + name.substr(m_folder.size())] = bytes;
  return out;
}

record::Result<std::vector<store::StoredEvent>> SimulatedTerminal::events() {
  m_disk.run_as(k_agent);
  auto reader = store::IntakeReader::open(m_folder);
  if (!reader) return tl::unexpected(reader.error());
  const auto last = reader->last_seq();
  if (!last) return tl::unexpected(last.error());
  std::vector<store::StoredEvent> out;
  for (std::uint64_t seq = 1; seq <= *last; seq++) {
    auto hash = reader->hash_of(seq);
    if (!hash) return tl::unexpected(hash.error());
    auto event = reader->events_from(seq, 1, SIZE_MAX);
    if (event) {
      out.push_back(std::move(event->front()));
    } else if (event.error().kind == ErrorKind::not_found) {
      out.push_back({seq, {}, *hash});
    } else {
      return tl::unexpected(event.error());
    }
  }
  return out;
}

}  // namespace anjungan::simulation
