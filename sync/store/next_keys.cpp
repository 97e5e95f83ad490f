// SPDX-License-Identifier: Apache-2.0
#include "sync/store/next_keys.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sync/record/receipt_key_proof.h"
#include "sync/store/files.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::size_t k_most_request_bytes = 4'096;
constexpr unsigned k_shared = 0640;

std::string order_path(const std::string& data_folder) { return data_folder + "/keys/rotation.order"; }
std::string request_path(const std::string& data_folder) { return data_folder + "/keys/rotation.request"; }
std::string offer_path(const std::string& data_folder) { return data_folder + "/keys/receipt.offer"; }

Result<std::optional<record::Bytes>> read_if_there(const std::string& path, std::size_t most) {
  auto bytes = read_file(path, most);
  if (bytes) return std::optional(std::move(*bytes));
  if (bytes.error().kind == ErrorKind::not_found) return std::nullopt;
  return tl::unexpected(bytes.error());
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return fail(ErrorKind::io, path + ": cannot be removed: " + std::strerror(errno));
}

/// X.next becomes X.key once the identity names it.
Result<void> settle(const std::string& data_folder, KeyUse use, const record::PublicKey& in_use) {
  const std::string next = next_key_path(data_folder, use);
  const auto key = read_key_file(next);
  if (!key && key.error().kind == ErrorKind::not_found) return {};
  if (!key) return tl::unexpected(key.error());
  if (key->public_key() != in_use) return {};
  if (::rename(next.c_str(), key_path(data_folder, use).c_str()) != 0) {
    return fail(ErrorKind::io, next + ": cannot be renamed: " + std::strerror(errno));
  }
  return sync_folder(data_folder + "/keys");
}

/// The next key, made at the first call.
Result<record::SigningKey> next_key(const std::string& data_folder, KeyUse use, const record::PublicKey& in_use) {
  if (auto settled = settle(data_folder, use, in_use); !settled) return tl::unexpected(settled.error());
  const std::string path = next_key_path(data_folder, use);
  auto there = read_key_file(path);
  if (there || there.error().kind != ErrorKind::not_found) return there;
  return make_key_file(path);
}

}  // namespace

const char* keys_to_go_name(KeysToGo which) {
  switch (which) {
    case KeysToGo::both:
      return "both";
    case KeysToGo::receipt:
      return "receipt";
    case KeysToGo::device:
      return "device";
  }
  return "";
}

std::optional<KeysToGo> keys_to_go_named(std::string_view name) {
  for (const KeysToGo one : {KeysToGo::both, KeysToGo::receipt, KeysToGo::device}) {
    if (name == keys_to_go_name(one)) return one;
  }
  return std::nullopt;
}

std::string key_path(const std::string& data_folder, KeyUse use) {
  return data_folder + (use == KeyUse::receipt ? "/keys/receipt.key" : "/keys/device.key");
}

std::string next_key_path(const std::string& data_folder, KeyUse use) {
  return data_folder + (use == KeyUse::receipt ? "/keys/receipt.next" : "/keys/device.next");
}

Result<record::SigningKey> read_key_file(const std::string& path) {
  record::SigningKey::Seed seed;
  auto bytes = read_file(path, seed.size());
  if (!bytes) return tl::unexpected(bytes.error());
  if (bytes->size() != seed.size()) return fail(ErrorKind::corrupt, path + ": damaged; enrol the terminal again");
  std::copy(bytes->begin(), bytes->end(), seed.begin());
  record::SigningKey key = record::SigningKey::from_seed(seed);
  record::wipe(*bytes);
  record::wipe(seed);
  return key;
}

Result<record::SigningKey> make_key_file(const std::string& path) {
  record::SigningKey key = record::SigningKey::generate();
  auto seed = key.seed();
  auto written = write_file(path, seed, 0600);
  record::wipe(seed);
  if (!written) return tl::unexpected(written.error());
  return key;
}

Result<void> order_rotation(const std::string& data_folder, KeysToGo which) {
  auto under_way = rotation_order(data_folder);
  if (!under_way) return tl::unexpected(under_way.error());
  if (*under_way) return {};
  return write_file(order_path(data_folder), record::view_of(keys_to_go_name(which)), k_shared);
}

Result<std::optional<KeysToGo>> rotation_order(const std::string& data_folder) {
  auto bytes = read_if_there(order_path(data_folder), 16);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  if (const auto which = keys_to_go_named(record::to_text(**bytes))) return which;
  return fail(ErrorKind::corrupt, order_path(data_folder) + ": damaged; remove it and order the change again");
}

Result<std::optional<ReceiptKeyOffer>> receipt_key_offer(const std::string& data_folder, const Identity& identity) {
  ReceiptKeyOffer out;
  auto bytes = read_if_there(offer_path(data_folder), out.key.size() + out.proof.size());
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes || (*bytes)->size() != out.key.size() + out.proof.size()) return std::nullopt;
  std::copy_n((*bytes)->begin(), out.key.size(), out.key.begin());
  std::copy_n((*bytes)->begin() + static_cast<std::ptrdiff_t>(out.key.size()), out.proof.size(), out.proof.begin());
  // Of the change before, which the app has not noticed yet; or of another enrolment.
  if (out.key == identity.receipt_key ||
      !record::proves_receipt_key(identity.region, identity.terminal, record::root_id(identity.root), out.key,
                                  out.proof)) {
    return std::nullopt;
  }
  return out;
}

Result<record::SigningKey> next_device_key(const std::string& data_folder, const Identity& identity) {
  return next_key(data_folder, KeyUse::device, identity.device_key);
}

Result<void> keep_rotation_request(const std::string& data_folder, record::ByteView request) {
  return write_file(request_path(data_folder), request, k_shared);
}

Result<std::optional<record::Bytes>> rotation_request(const std::string& data_folder) {
  return read_if_there(request_path(data_folder), k_most_request_bytes);
}

Result<void> drop_rotation_request(const std::string& data_folder) {
  if (auto removed = remove_file(request_path(data_folder)); !removed) return removed;
  return sync_folder(data_folder + "/keys");
}

Result<void> forget_rotation(const std::string& data_folder) {
  for (const std::string& path :
       {order_path(data_folder), request_path(data_folder), offer_path(data_folder),
        next_key_path(data_folder, KeyUse::receipt), next_key_path(data_folder, KeyUse::device)}) {
    if (auto removed = remove_file(path); !removed) return removed;
  }
  return sync_folder(data_folder + "/keys");
}

Result<void> end_rotation(const std::string& data_folder, const Identity& identity) {
  if (auto settled = settle(data_folder, KeyUse::device, identity.device_key); !settled) return settled;
  // The order first: a request without an order is one that was answered, an order without a request a new change.
  if (auto removed = remove_file(order_path(data_folder)); !removed) return removed;
  if (auto synced = sync_folder(data_folder + "/keys"); !synced) return synced;
  return drop_rotation_request(data_folder);
}

Result<bool> offer_receipt_key(const std::string& data_folder, const Identity& identity) {
  // Asked once more at the end: an order and its request may both go between two looks.
  for (int look = 0; look < 2; look++) {
    auto order = rotation_order(data_folder);
    if (!order) return tl::unexpected(order.error());
    if (!*order || **order == KeysToGo::device) return false;
    auto request = rotation_request(data_folder);
    if (!request) return tl::unexpected(request.error());
    if (*request) return false;
  }
  auto offered = receipt_key_offer(data_folder, identity);
  if (!offered) return tl::unexpected(offered.error());
  const auto key = next_key(data_folder, KeyUse::receipt, identity.receipt_key);
  if (!key) return tl::unexpected(key.error());
  if (*offered && (*offered)->key == key->public_key()) return false;
  const record::Signature proof =
      record::prove_receipt_key(identity.region, identity.terminal, record::root_id(identity.root), *key);
  record::Bytes offer(key->public_key().begin(), key->public_key().end());
  offer.insert(offer.end(), proof.begin(), proof.end());
  if (auto written = write_file(offer_path(data_folder), offer, k_shared); !written) {
    return tl::unexpected(written.error());
  }
  return true;
}

Result<void> settle_receipt_key(const std::string& data_folder, const Identity& identity) {
  if (auto settled = settle(data_folder, KeyUse::receipt, identity.receipt_key); !settled) return settled;
  auto bytes = read_if_there(offer_path(data_folder), k_most_request_bytes);
  if (!bytes) return tl::unexpected(bytes.error());
  const bool done = *bytes && (*bytes)->size() >= identity.receipt_key.size() &&
                    std::equal(identity.receipt_key.begin(), identity.receipt_key.end(), (*bytes)->begin());
  if (!done) return {};
  return remove_file(offer_path(data_folder));
}

}  // namespace anjungan::store
