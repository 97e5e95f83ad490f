// SPDX-License-Identifier: Apache-2.0
// Keys that are to follow those in use (sync/wire/PROTOCOL.md, "Rotation"), in files under `<data>/keys/`. App and
// agent do not read each other's secrets, so each makes its own key and the files between them hold nothing secret:
//   rotation.order    agent  which keys are to go: a change is under way
//   receipt.next      app    0600: the next receipt key
//   receipt.offer     app    its public half and the proof that the app has it
//   device.next       agent  0600: the next device key
//   rotation.request  agent  what is sent, byte for byte, until the centre has answered
// Then identity.json names the next keys, and they are those in use; what follows is tidying. Everything is durable
// when a call returns, and every call may be repeated after a crash.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync/store/identity.h"

namespace anjungan::store {

enum class KeysToGo : std::uint8_t { both, receipt, device };
/// "both", "receipt", "device".
[[nodiscard]] const char* keys_to_go_name(KeysToGo which);
[[nodiscard]] std::optional<KeysToGo> keys_to_go_named(std::string_view name);

// The agent's part.

/// Begins a change. One that is under way goes on as it is.
[[nodiscard]] record::Result<void> order_rotation(const std::string& data_folder, KeysToGo which);
/// Nullopt when no change is under way.
[[nodiscard]] record::Result<std::optional<KeysToGo>> rotation_order(const std::string& data_folder);

struct ReceiptKeyOffer {
  record::PublicKey key{};
  record::Signature proof{};
};
/// Nullopt until the app has made one.
[[nodiscard]] record::Result<std::optional<ReceiptKeyOffer>> receipt_key_offer(const std::string& data_folder,
                                                                               const Identity& identity);
/// The next device key, made at the first call.
[[nodiscard]] record::Result<record::SigningKey> next_device_key(const std::string& data_folder,
                                                                 const Identity& identity);
[[nodiscard]] record::Result<void> keep_rotation_request(const std::string& data_folder, record::ByteView request);
/// Nullopt before there is one.
[[nodiscard]] record::Result<std::optional<record::Bytes>> rotation_request(const std::string& data_folder);
/// It is not one of this terminal's as it is now.
[[nodiscard]] record::Result<void> drop_rotation_request(const std::string& data_folder);
/// The identity names the next keys: the device key gets its name, order and request go.
[[nodiscard]] record::Result<void> end_rotation(const std::string& data_folder, const Identity& identity);

/// For an enrolment: whatever a change of keys has left lying goes, the app's share too. Only while there is no
/// identity, so nobody goes on with it.
[[nodiscard]] record::Result<void> forget_rotation(const std::string& data_folder);

// The app's part; only the holder of intake.lock.

/// Makes the next receipt key and offers it, when the agent waits for one. True when it has just done so.
[[nodiscard]] record::Result<bool> offer_receipt_key(const std::string& data_folder, const Identity& identity);
/// The next receipt key is in use: it gets its name, and the one before is gone.
[[nodiscard]] record::Result<void> settle_receipt_key(const std::string& data_folder, const Identity& identity);

// For identity.cpp.
[[nodiscard]] std::string key_path(const std::string& data_folder, KeyUse use);
[[nodiscard]] std::string next_key_path(const std::string& data_folder, KeyUse use);
[[nodiscard]] record::Result<record::SigningKey> read_key_file(const std::string& path);
[[nodiscard]] record::Result<record::SigningKey> make_key_file(const std::string& path);

}  // namespace anjungan::store
