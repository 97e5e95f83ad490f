// SPDX-License-Identifier: Apache-2.0
#include "sync/store/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sync/store/files.h"
#include "sync/store/next_keys.h"

namespace anjungan::store {

using nlohmann::json;
using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::size_t k_most_identity_bytes = 64 * 1024;

json spell(const std::vector<record::PublicKey>& keys) {
  json out = json::array();
  for (const auto& key : keys) out.push_back(record::to_hex(key));
  return out;
}

record::PublicKey read_key(const json& text) {
  auto bytes = record::from_hex(text.get<std::string>());
  if (!bytes || bytes->size() != 32) throw json::other_error::create(501, "a key is not 32 bytes", &text);
  record::PublicKey out;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

std::vector<record::PublicKey> read_keys(const json& list) {
  std::vector<record::PublicKey> out;
  for (const json& one : list) out.push_back(read_key(one));
  return out;
}

}  // namespace

std::string Identity::device() const { return fmt::format("{:04}-{:04}", region, terminal); }

Result<Identity> load_identity(const std::string& data_folder) {
  const std::string path = data_folder + "/keys/identity.json";
  auto bytes = read_file(path, k_most_identity_bytes);
  if (!bytes) return tl::unexpected(bytes.error());
  try {
    const json in = json::parse(bytes->begin(), bytes->end());
    Identity out;
    out.region = in.at("region").get<std::uint16_t>();
    out.terminal = in.at("terminal").get<std::uint16_t>();
    out.office = in.at("office").get<std::string>();
    out.place = in.at("place").get<std::string>();
    out.public_url = in.at("public_url").get<std::string>();
    out.root = read_key(in.at("root"));
    auto manifest = record::from_base64url(in.at("key_manifest").get<std::string>());
    if (!manifest) return fail(ErrorKind::corrupt, path + ": key_manifest is damaged; enrol the terminal again");
    out.key_manifest = std::move(*manifest);
    out.seal_to = read_keys(in.at("seal_to"));
    out.centre_keys = read_keys(in.at("centre_keys"));
    out.receipt_key = read_key(in.at("receipt_key"));
    out.device_key = read_key(in.at("device_key"));
    // Identities of terminals that have never changed their keys have none.
    for (const json& one : in.value("key_changes", json::array())) {
      auto request = record::from_base64url(one.at("request").get<std::string>());
      if (!request) return fail(ErrorKind::corrupt, path + ": key_changes is damaged; enrol the terminal again");
      out.key_changes.push_back({read_key(one.at("receipt_key")), read_key(one.at("device_key")), std::move(*request)});
    }
    if (out.region > 9999 || out.terminal > 9999 || out.seal_to.empty()) {
      return fail(ErrorKind::corrupt, path + ": a value is out of range; enrol the terminal again");
    }
    return out;
  } catch (const json::exception&) {
    return fail(ErrorKind::corrupt, path + ": damaged; enrol the terminal again");
  }
}

Result<void> save_identity(const std::string& data_folder, const Identity& identity) {
  if (auto made = make_folder(data_folder + "/keys"); !made) return made;
  json changes = json::array();
  for (const KeyChange& one : identity.key_changes) {
    changes.push_back({{"receipt_key", record::to_hex(one.receipt_key)},
                       {"device_key", record::to_hex(one.device_key)},
                       {"request", record::to_base64url(one.request)}});
  }
  const json out = {
      {"region", identity.region},
      {"terminal", identity.terminal},
      {"office", identity.office},
      {"place", identity.place},
      {"public_url", identity.public_url},
      {"root", record::to_hex(identity.root)},
      {"key_manifest", record::to_base64url(identity.key_manifest)},
      {"seal_to", spell(identity.seal_to)},
      {"centre_keys", spell(identity.centre_keys)},
      {"receipt_key", record::to_hex(identity.receipt_key)},
      {"device_key", record::to_hex(identity.device_key)},
      {"key_changes", std::move(changes)},
  };
  const std::string text = out.dump(2) + "\n";
  return write_file(data_folder + "/keys/identity.json", record::view_of(text), 0660);
}

Result<record::SigningKey> load_key(const std::string& data_folder, KeyUse use) {
  auto key = read_key_file(key_path(data_folder, use));
  const auto identity = load_identity(data_folder);
  if (!identity) return key;
  const record::PublicKey& wanted = use == KeyUse::receipt ? identity->receipt_key : identity->device_key;
  if (key && key->public_key() == wanted) return key;
  auto next = read_key_file(next_key_path(data_folder, use));
  if (next && next->public_key() == wanted) return next;
  // Whose key it is may have given it its name meanwhile.
  auto again = read_key_file(key_path(data_folder, use));
  return again && again->public_key() == wanted ? std::move(again) : std::move(key);
}

Result<record::SigningKey> load_or_make_key(const std::string& data_folder, KeyUse use) {
  auto existing = load_key(data_folder, use);
  if (existing || existing.error().kind != ErrorKind::not_found) return existing;
  if (auto made = make_folder(data_folder + "/keys"); !made) return tl::unexpected(made.error());
  return make_key_file(key_path(data_folder, use));
}

}  // namespace anjungan::store
