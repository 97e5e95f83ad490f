// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/identifiers.h"

#include <fmt/format.h>

#include <charconv>

#include "sync/record/receipt_key_proof.h"

namespace anjungan::wire {
namespace {

constexpr std::string_view k_message_domain = "anjungan/message/1";

}  // namespace

std::string DeviceId::str() const { return fmt::format("{:04}-{:04}", region, terminal); }

record::Result<DeviceId> DeviceId::parse(std::string_view text) {
  const auto digits = [](std::string_view part, std::uint16_t& out) {
    if (part.find_first_not_of("0123456789") != std::string_view::npos) return false;
    return std::from_chars(part.data(), part.data() + part.size(), out).ec == std::errc();
  };
  DeviceId id;
  if (text.size() == 9 && text[4] == '-' && digits(text.substr(0, 4), id.region) &&
      digits(text.substr(5), id.terminal) && id.valid()) {
    return id;
  }
  return record::fail(record::ErrorKind::invalid,
                      fmt::format("\"{}\" names no terminal; write it like 3273-0012", text));
}

RootId root_id(record::ByteView root_public_key) { return record::root_id(root_public_key); }

record::Hash message_digest(record::ByteView message) { return record::hash_in(k_message_domain, message); }

}  // namespace anjungan::wire
