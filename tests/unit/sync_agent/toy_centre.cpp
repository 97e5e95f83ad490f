// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sync_agent/toy_centre.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "sync/agent/manifest_keys.h"
#include "sync/store/sync_store.h"
#include "sync/wire/http.h"

namespace anjungan::test {
namespace {

constexpr wire::DeviceId k_device{3273, 12};
constexpr std::chrono::seconds k_deadline{20};
constexpr std::int64_t k_server_time_ms = ToyCentre::k_server_ms;

template <class T>
T must(record::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

void must(const record::Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().text);
}

}  // namespace

ToyCentre::ToyCentre()
    : m_root(record::SigningKey::generate()),
      m_signing(record::SigningKey::generate()),
      m_sealing(record::SealingKey::generate()) {
  m_epoch.fill(0xE0);
}

ToyCentre::Reply ToyCentre::handle(const std::string& path, const record::Bytes& body) {
  const std::lock_guard lock(m_mutex);
  if (path == wire::k_sync_path) return sync(body);
  if (path == wire::k_question_path) return question(body);
  if (path == wire::k_enrol_path) return enrol(body);
  return {404, {}};
}

ToyCentre::Reply ToyCentre::sync(const record::Bytes& body) {
  auto parsed = wire::UnverifiedSyncRequest::parse(body);
  if (!parsed) return {400, {}};
  const auto verified = std::move(*parsed).verify(m_device_key, m_root.public_key());
  if (!verified) return {401, {}};
  const wire::SyncRequest& request = **verified;
  ++m_sync_requests;
  m_last_request = request;
  m_changed.notify_all();
  const bool fresh_epoch = request.epoch != m_epoch;
  const std::uint64_t given = m_given_counter;
  if (request.join_counter + 1 < given || (request.join_counter > given && !fresh_epoch)) m_locked = true;

  wire::SyncAnswer answer;
  answer.standing = m_locked ? wire::Standing::locked : wire::Standing::welcome;
  answer.epoch = m_epoch;
  answer.server_time_ms = k_server_time_ms;
  answer.join_counter = m_given_counter = request.join_counter + 1;
  if (!m_locked) ingest(request, answer);
  if (before_signing) before_signing(answer);
  return {200, must(wire::encode_sync_answer(answer, k_device, verified->digest(), m_signing))};
}

void ToyCentre::ingest(const wire::SyncRequest& request, wire::SyncAnswer& answer) {
  std::uint64_t seq = request.from_seq;
  for (const record::Bytes& event : request.events) {
    const auto [place, stored] = m_events.emplace(seq, event);
    answer.results.push_back(stored                   ? wire::EventResult::stored
                             : place->second == event ? wire::EventResult::duplicate
                                                      : wire::EventResult::conflict);
    ++seq;
  }
  while (m_events.count(answer.acked_seq + 1) != 0) ++answer.acked_seq;
  if (answer.acked_seq > 0) answer.acked_hash = record::hash(m_events[answer.acked_seq]);
  for (std::uint64_t at = answer.acked_seq + 1; at <= request.last_seq; ++at) {
    if (m_events.count(at) != 0) continue;
    if (!answer.need.empty() && answer.need.back().last + 1 == at) {
      answer.need.back().last = at;
    } else if (answer.need.size() < wire::k_max_need_ranges) {
      answer.need.push_back({at, at});
    }
  }
  for (const wire::FeedItem& item : m_feed) {
    if (item.cursor > request.feed_cursor) answer.feed.push_back(item);
  }
}

ToyCentre::Reply ToyCentre::question(const record::Bytes& body) {
  auto parsed = wire::UnverifiedQuestion::parse(body);
  if (!parsed) return {400, {}};
  const auto verified = std::move(*parsed).verify(m_device_key, m_root.public_key());
  if (!verified) return {401, {}};
  ++m_questions;
  wire::QuestionAnswer answer;
  answer.server_time_ms = k_server_time_ms;
  if ((*verified)->code_hash == known_code) {
    answer.finding = wire::Finding::found;
    answer.sealed_case = must(wire::seal_case(known_case, (*verified)->reply_key));
  }
  return {200, must(wire::encode_question_answer(answer, k_device, verified->digest(), m_signing))};
}

ToyCentre::Reply ToyCentre::enrol(const record::Bytes& body) {
  const auto parsed = wire::UnverifiedEnrolRequest::parse(body);
  if (!parsed) return {400, {}};
  if (m_codes.empty() || parsed->code_id() != m_codes.front().lookup_id()) return {404, {}};
  const auto mac_key = m_codes.front().mac_key();
  const auto request = parsed->verify(mac_key);
  if (!request) return {401, {}};
  if (m_bound_request == record::Hash{}) m_bound_request = parsed->digest();
  if (m_bound_request != parsed->digest()) return {409, {}};
  m_device_key = request->device_key;
  wire::EnrolAnswer answer;
  answer.server_time_ms = k_server_time_ms;
  if (m_confirmed) answer.grant = grant();
  return {m_confirmed ? 200 : 202, must(wire::encode_enrol_answer(answer, parsed->digest(), mac_key))};
}

wire::TerminalGrant ToyCentre::grant() const {
  wire::TerminalGrant out;
  out.device = k_device;
  out.office = "MPP Kota Bandung";
  out.place = "Lantai 1";
  out.public_url = "https://lapor.example.go.id";
  out.root = m_root.public_key();
  out.key_manifest = manifest(1, m_root, m_signing.public_key());
  out.epoch = m_epoch;
  out.join_counter = 1;
  return out;
}

record::Bytes ToyCentre::manifest(std::uint64_t serial, const record::SigningKey& signer,
                                  const record::PublicKey& signing_key) const {
  wire::KeyManifest out;
  out.serial = serial;
  out.signing = {signing_key};
  out.sealing = {{wire::SealingPurpose::centre, m_sealing.public_key()}};
  return must(wire::encode_key_manifest(out, signer));
}

std::map<std::uint64_t, record::Bytes> ToyCentre::events() const {
  const std::lock_guard lock(m_mutex);
  return m_events;
}

bool ToyCentre::wait_for_events(std::size_t count) const {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, k_deadline, [&] { return m_events.size() >= count; });
}

std::size_t ToyCentre::sync_requests() const {
  const std::lock_guard lock(m_mutex);
  return m_sync_requests;
}

bool ToyCentre::wait_for_sync_requests(std::size_t count) const {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, k_deadline, [&] { return m_sync_requests >= count; });
}

std::size_t ToyCentre::questions() const {
  const std::lock_guard lock(m_mutex);
  return m_questions;
}

wire::SyncRequest ToyCentre::last_request() const {
  const std::lock_guard lock(m_mutex);
  return m_last_request;
}

void ToyCentre::tell(wire::FeedItem item) {
  const std::lock_guard lock(m_mutex);
  m_feed.push_back(std::move(item));
}

void ToyCentre::restore(const std::function<bool(std::uint64_t seq)>& lost) {
  const std::lock_guard lock(m_mutex);
  std::erase_if(m_events, [&](const auto& entry) { return lost(entry.first); });
  m_epoch.back() = static_cast<std::uint8_t>(m_epoch.back() + 1);
}

void ToyCentre::confirm() {
  const std::lock_guard lock(m_mutex);
  m_confirmed = true;
}

void ToyCentre::expect_code(const wire::EnrolCode& code) {
  const std::lock_guard lock(m_mutex);
  m_codes = {code};
}

store::Identity ToyCentre::settle_terminal(const std::string& data_folder) {
  const std::lock_guard lock(m_mutex);
  const auto receipt = must(store::load_or_make_key(data_folder, store::KeyUse::receipt));
  const auto device = must(store::load_or_make_key(data_folder, store::KeyUse::device));
  m_device_key = device.public_key();
  const wire::TerminalGrant given = grant();
  store::Identity identity;
  identity.region = given.device.region;
  identity.terminal = given.device.terminal;
  identity.office = given.office;
  identity.place = given.place;
  identity.public_url = given.public_url;
  identity.root = given.root;
  identity.receipt_key = receipt.public_key();
  identity.device_key = device.public_key();
  agent::apply_manifest(identity, given.key_manifest, must(wire::open_key_manifest(given.key_manifest, given.root)));
  auto sync = must(store::SyncStore::open(data_folder));
  store::SyncState state;
  state.epoch = given.epoch;
  state.join_counter = given.join_counter;
  must(sync.save(state, {}));
  must(store::save_identity(data_folder, identity));
  return identity;
}

record::Result<agent::HttpAnswer> DirectTransport::post(std::string_view path, record::ByteView body,
                                                        const Headers& headers) {
  bool digest = false;
  for (const auto& [name, value] : headers) {
    digest = digest || (name == wire::k_digest_header && wire::check_content_digest(value, body).has_value());
  }
  if (!digest) return agent::HttpAnswer{400, {}, {}, {}};
  ToyCentre::Reply reply = m_centre.handle(std::string(path), record::Bytes(body.begin(), body.end()));
  agent::HttpAnswer answer{reply.status, std::string(wire::k_content_type), std::move(reply.body), {}};
  return spoil ? spoil(std::move(answer)) : answer;
}

Kiosk::Kiosk(const std::string& data_folder, const std::string& runtime_folder, const store::Identity& identity) {
  store::IntakeOptions options;
  options.ballast_bytes = 0;
  options.low_water_bytes = 0;
  m_store = must(store::IntakeStore::open(data_folder, runtime_folder, identity,
                                          must(store::load_key(data_folder, store::KeyUse::receipt)), options));
}

void Kiosk::add(int count) {
  for (int i = 0; i < count; ++i) {
    must(m_store->append(record::EventType::assistance_requested, record::Uuid{}, {{"screen", "story"}}));
  }
}

void Kiosk::ask(const store::Question& question) { must(m_store->ask(question)); }

void Kiosk::end_command(const record::CommandOutcome& outcome) { must(m_store->end_command(outcome)); }

void Kiosk::purge(std::uint64_t seq) { must(m_store->purge(seq, 1'000)); }

TestFolder::TestFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "anjungan-agent-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  m_path = pattern;
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(m_path, ignored);
}

}  // namespace anjungan::test
