// SPDX-License-Identifier: Apache-2.0
// Centre: enrolment of terminals, and what staff does with devices.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "sync/central/ingest/centre.h"
#include "sync/central/ingest/epoch.h"
#include "sync/wire/enrol.h"
#include "sync/wire/limits.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

/// The lowest code above all that were ever given in this region.
Result<std::uint16_t> next_terminal(Reader& store, std::uint16_t region) {
  auto devices = store.devices();
  if (!devices) return tl::unexpected(devices.error());
  auto floor = terminal_floor(store);
  if (!floor) return floor;
  int next = *floor;
  for (const Device& one : *devices) {
    if (one.id.region == region) next = std::max<int>(next, one.id.terminal + 1);
  }
  if (next > 9999) return fail(ErrorKind::conflict, "terminals: all 9,999 codes of this region are used");
  return static_cast<std::uint16_t>(next);
}

}  // namespace

Result<Centre::NewCode> Centre::make_enrol_code(std::uint16_t region, const std::string& office,
                                                const std::string& place) {
  if (region == 0 || region > 9999) return fail(ErrorKind::invalid, "region: four digits, such as 3273");
  if (office.empty() || office.size() > wire::k_max_office_bytes) {
    return fail(ErrorKind::invalid, "office: a name of at most 200 bytes is needed");
  }
  if (place.size() > wire::k_max_office_bytes) return fail(ErrorKind::invalid, "place: at most 200 bytes");
  const wire::EnrolCode code = wire::EnrolCode::random();
  EnrolCodeRow row;
  row.lookup = code.lookup_id();
  row.mac_key = code.mac_key();
  row.office = office;
  row.place = place;
  row.region = region;
  row.expires_ms = m_clock.unix_ms() + wire::k_enrol_code_life_ms;
  auto done = m_store->write([&](Writer& out) -> Result<void> {
    if (auto put = out.put_enrol_code(row); !put) return put;
    return out.add_audit({m_clock.unix_ms(), "admin", "enrol-code for " + office});
  });
  if (!done) return tl::unexpected(done.error());
  return NewCode{code.str(), row.expires_ms};
}

Reply Centre::enrol(record::Bytes message) {
  auto unverified = wire::UnverifiedEnrolRequest::parse(std::move(message));
  if (!unverified) return {400, {}, 0};
  const std::int64_t now = m_clock.unix_ms();
  Reply reply{500, {}, 0};
  std::optional<wire::EnrolAnswer> answer;
  wire::EnrolCode::MacKey mac_key{};
  auto done = m_store->write([&](Writer& out) -> Result<void> {
    reply = {500, {}, 0};
    answer.reset();
    // One enrolment at a time: a code binds one pair of keys, a terminal code is given once.
    if (auto locked = out.lock("enrol"); !locked) return locked;
    auto code = out.enrol_code(unverified->code_id());
    if (!code) return tl::unexpected(code.error());
    if (!*code) {
      reply.status = 404;
      return {};
    }
    EnrolCodeRow row = **code;
    auto request = unverified->verify(row.mac_key);
    if (!request) {
      reply.status = 401;
      return {};
    }
    mac_key = row.mac_key;
    if (!row.device) {
      if (row.expires_ms <= now) {
        reply.status = 410;
        return {};
      }
      auto terminal = next_terminal(out, row.region);
      if (!terminal) return tl::unexpected(terminal.error());
      Device device;
      device.id = {row.region, *terminal};
      device.office = row.office;
      device.place = row.place;
      device.software = request->software;
      device.receipt_key = request->receipt_key;
      device.device_key = request->device_key;
      device.enrolled_ms = now;
      if (auto put = out.add_device(device); !put) return put;
      row.device = device.id;
      if (auto put = out.put_enrol_code(row); !put) return put;
      if (auto put = out.add_audit({now, "terminal", "asked to be enrolled as " + device.id.str()}); !put) return put;
    }
    auto device = out.device(*row.device);
    if (!device) return tl::unexpected(device.error());
    if (!*device || (*device)->receipt_key != request->receipt_key || (*device)->device_key != request->device_key) {
      reply.status = 409;
      return {};
    }
    if ((*device)->state == DeviceState::pending && row.expires_ms <= now) {
      reply.status = 410;
      return {};
    }
    answer.emplace();
    answer->server_time_ms = now;
    if ((*device)->state != DeviceState::pending) {
      auto epoch = current_epoch(out, now);
      if (!epoch) return tl::unexpected(epoch.error());
      answer->grant = wire::TerminalGrant{(*device)->id, (*device)->office, (*device)->place, m_public_url,
                                          m_keys.root,   manifest(),        *epoch,           (*device)->join_counter};
    }
    return {};
  });
  if (!done) {
    spdlog::error("enrolment failed: {}", done.error().text);
    return {503, {}, 5};
  }
  if (!answer) return reply;
  auto body = wire::encode_enrol_answer(*answer, unverified->digest(), mac_key);
  if (!body) return {500, {}, 0};
  return {answer->pending() ? 202U : 200U, std::move(*body), 0};
}

Result<std::vector<Device>> Centre::devices() {
  std::vector<Device> out;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    auto rows = in.devices();
    if (!rows) return tl::unexpected(rows.error());
    out = std::move(*rows);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<Device> Centre::confirm(std::string_view device_or_fingerprint) {
  Device out;
  auto done = m_store->write([&](Writer& change) -> Result<void> {
    if (auto locked = change.lock("enrol"); !locked) return locked;
    auto rows = change.devices();
    if (!rows) return tl::unexpected(rows.error());
    for (Device& one : *rows) {
      if (one.id.str() != device_or_fingerprint &&
          wire::enrol_fingerprint(one.receipt_key, one.device_key) != device_or_fingerprint) {
        continue;
      }
      if (one.state != DeviceState::pending) {
        return fail(ErrorKind::conflict,
                    fmt::format("device: {} is {} already", one.id.str(), device_state_name(one.state)));
      }
      one.state = DeviceState::active;
      out = one;
      if (auto put = change.put_device(one); !put) return put;
      return change.add_audit({m_clock.unix_ms(), "admin", "confirmed " + one.id.str()});
    }
    return fail(ErrorKind::not_found, "device: none has this name or fingerprint");
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<Device> Centre::change_device(std::string_view device,
                                     const std::function<Result<std::string>(Device&)>& change) {
  auto id = wire::DeviceId::parse(device);
  if (!id) return tl::unexpected(id.error());
  Device out;
  auto done = m_store->write([&](Writer& writer) -> Result<void> {
    if (auto locked = writer.lock(id->str()); !locked) return locked;
    auto row = writer.device(*id);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail(ErrorKind::not_found, "device: there is no such terminal");
    out = **row;
    auto deed = change(out);
    if (!deed) return tl::unexpected(deed.error());
    if (auto put = writer.put_device(out); !put) return put;
    return writer.add_audit({m_clock.unix_ms(), "admin", *std::move(deed)});
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<Device> Centre::revoke(std::string_view device, std::uint64_t from_seq) {
  return change_device(device, [&](Device& one) -> Result<std::string> {
    one.state = DeviceState::revoked;
    // What was confirmed before stays valid, whatever the administrator types.
    one.revoked_from = from_seq > one.acked_seq ? from_seq : one.acked_seq + 1;
    return fmt::format("revoked {} from {}", one.id.str(), one.revoked_from);
  });
}

Result<Device> Centre::unlock(std::string_view device) {
  return change_device(device, [](Device& one) -> Result<std::string> {
    if (one.state != DeviceState::locked) {
      return fail(ErrorKind::conflict, fmt::format("device: {} is {}", one.id.str(), device_state_name(one.state)));
    }
    one.state = DeviceState::active;
    return "unlocked " + one.id.str();
  });
}

Result<std::vector<Centre::DeviceStats>> Centre::stats() {
  std::vector<DeviceStats> out;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    out.clear();
    auto rows = in.devices();
    if (!rows) return tl::unexpected(rows.error());
    for (Device& one : *rows) {
      auto count = in.event_count(one.id.str());
      if (!count) return tl::unexpected(count.error());
      auto blobs = in.blob_use(one.id.str());
      if (!blobs) return tl::unexpected(blobs.error());
      out.push_back({std::move(one), *count, *blobs});
    }
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

}  // namespace anjungan::central
