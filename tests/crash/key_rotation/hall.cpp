// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/key_rotation/hall.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <spdlog/spdlog.h>

#include <filesystem>

#include "sync/agent/enrolment.h"
#include "sync/agent/journal.h"
#include "sync/store/intake_reader.h"
#include "sync/wire/http.h"

namespace anjungan::test {

using record::ErrorKind;
using record::fail;

record::Result<agent::HttpAnswer> DirectTransport::post(std::string_view path, record::ByteView body,
                                                        const Headers& /*headers*/) {
  record::Bytes message(body.begin(), body.end());
  central::Reply reply{404, {}, 0};
  if (path == wire::k_enrol_path) reply = m_centre->enrol(std::move(message));
  if (path == wire::k_sync_path) reply = m_centre->sync(std::move(message));
  if (path == wire::k_rotate_path) {
    rotations++;
    reply = m_centre->rotate(std::move(message));
  }
  if (loses && loses(path)) return fail(ErrorKind::unavailable, "the answer was lost");
  agent::HttpAnswer out;
  out.status = reply.status;
  out.body = std::move(reply.body);
  return out;
}

Life::Life(const std::string& folder, agent::Transport& transport, const record::Clock& clock) : m_folder(folder) {
  store::IntakeOptions options;
  options.ballast_bytes = 0;
  options.low_water_bytes = 0;
  auto identity = store::load_identity(folder).value();
  auto opened = store::IntakeStore::open(folder, folder + "/run", identity,
                                         store::load_key(folder, store::KeyUse::receipt).value(), options);
  if (!opened) throw std::runtime_error(opened.error().text);
  m_kiosk = std::move(*opened);
  auto uplink =
      agent::Uplink::open({folder, std::move(identity), store::load_key(folder, store::KeyUse::device).value(),
                           store::SyncStore::open(folder).value(), &transport, &clock});
  m_uplink.emplace(std::move(uplink.value()));
}

void Life::order(store::KeysToGo which) {
  auto ordered = m_uplink->order_rotation(which);
  if (!ordered) throw std::runtime_error(ordered.error().text);
}

std::string Life::file() {
  record::Complaint complaint;
  complaint.category = "jalan.lubang";
  complaint.district = "coblong";
  complaint.story = "Lubang besar di depan sekolah sudah dua minggu";
  complaint.name = "Sumiati Namasaja";
  store::Submission submission{
      &complaint, *record::DataKey::prepare(m_uplink->identity().seal_to), "kiosk", {}, nullptr, 420, "struk", nullptr};
  auto issued = m_kiosk->submit(std::move(submission));
  if (!issued) throw std::runtime_error(issued.error().text);
  return record::token_url("https://lapor.example.go.id", issued->token);
}

agent::Exchange Life::round() {
  auto offered = m_kiosk->offer_next_key();
  if (!offered) throw std::runtime_error(offered.error().text);
  agent::Exchange out = m_uplink->exchange();
  m_kiosk->take_up_key();
  return out;
}

void Life::settle() {
  for (int rounds = 0; rounds < 50; rounds++) {
    const agent::Exchange done = round();
    const auto order = store::rotation_order(m_folder);
    if (done.next == agent::Next::rest && order && !*order) return;
  }
  throw std::runtime_error("no end after 50 rounds");
}

Hall::Hall() {
  agent::set_journal_level(agent::Level::silent);
  spdlog::set_level(spdlog::level::err);
  // A killed program loses nothing that it has written, so memory does for a disk: thousands of syncs cost nothing.
  std::error_code failed;
  const bool memory = std::filesystem::is_directory("/dev/shm", failed) && ::access("/dev/shm", W_OK) == 0;
  const auto in = memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
  std::string pattern = (in / "anjungan-keys-XXXXXX").string();
  m_folder = mkdtemp(pattern.data());
  open_centre();
  const std::string code = centre->make_enrol_code(3273, "MPP Kota Bandung", "Lantai 1").value().code;
  agent::EnrolmentOptions options;
  options.data_folder = terminal();
  options.poll = std::chrono::milliseconds(1);
  options.software = "test";
  agent::EnrolmentSteps steps;
  steps.show_fingerprint = [](const std::string&) {};
  steps.waiting = [this](std::chrono::seconds) { EXPECT_TRUE(centre->confirm("3273-0001")); };
  const agent::Stop stop;
  const auto enrolled = agent::enrol(options, wire::EnrolCode::parse(code).value(), direct, stop, steps);
  EXPECT_TRUE(enrolled) << enrolled.error().text;
}

Hall::~Hall() {
  centre.reset();
  std::error_code ignored;
  std::filesystem::remove_all(m_folder, ignored);
}

void Hall::open_centre() {
  centre.reset();
  auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  auto memory = central::open_store("", path("central"));
  ASSERT_TRUE(memory) << memory.error().text;
  auto opened = central::Centre::open(std::move(*memory), path("central"), "https://lapor.example.go.id",
                                      std::move(*catalogue), clock);
  ASSERT_TRUE(opened) << opened.error().text;
  centre = std::move(*opened);
}

void Hall::restore_centre() {
  centre.reset();
  std::filesystem::remove_all(path("central"));
  std::filesystem::rename(path("backup"), path("central"));
  open_centre();
}

void Hall::expect_settled() const {
  const store::Identity here = identity();
  const central::Device there = device();
  EXPECT_EQ(here.receipt_key, there.receipt_key);
  EXPECT_EQ(here.device_key, there.device_key);
  EXPECT_EQ(there.state, central::DeviceState::active);
  EXPECT_EQ(store::load_key(terminal(), store::KeyUse::receipt)->public_key(), there.receipt_key);
  EXPECT_EQ(store::load_key(terminal(), store::KeyUse::device)->public_key(), there.device_key);
  for (const char* name : {"receipt.next", "device.next", "receipt.offer", "rotation.order", "rotation.request"}) {
    EXPECT_FALSE(std::filesystem::exists(terminal() + "/keys/" + name)) << name;
  }
  const std::uint64_t last = store::IntakeReader::open(terminal()).value().last_seq().value();
  EXPECT_EQ(there.acked_seq, last);
  EXPECT_EQ(there.conflicts, 0U);
  EXPECT_EQ(there.quarantined, 0U);
}

}  // namespace anjungan::test
