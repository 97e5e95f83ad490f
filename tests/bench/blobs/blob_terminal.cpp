// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/blobs/blob_terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sync/record/clock.h"
#include "sync/wire/blob.h"
#include "sync/wire/http.h"
#include "sync/wire/limits.h"
#include "tests/bench/central/centre_program.h"

namespace anjungan::bench {
namespace {

template <class T>
T must(record::Result<T> result) {
  if (!result) give_up(result.error().text);
  return std::move(*result);
}

record::Bytes answer_in(const HttpReply& reply) {
  const std::string name = std::string(wire::k_answer_header) + ": ";
  const std::size_t at = reply.headers.find(name);
  if (at == std::string::npos) give_up(fmt::format("an attachment was answered with status {}", reply.status));
  const std::size_t start = at + name.size();
  return must(
      record::from_base64url(std::string_view(reply.headers).substr(start, reply.headers.find('\r', at) - start)));
}

}  // namespace

void BlobTerminal::deliver(HttpConnection& connection, const record::Hash& name, record::ByteView bytes,
                           const record::PublicKey& root, const record::PublicKey& centre_key) {
  wire::BlobRequest request;
  request.device = m_id;
  request.centre = wire::root_id(root);
  request.blob = name;
  request.size = bytes.size();
  request.created_ms = record::SystemClock().unix_ms();
  const std::string path = std::string(wire::k_blob_path) + record::to_hex(name);
  for (std::optional<std::uint64_t> offset;;) {
    record::ByteView piece;
    std::string headers;
    if (offset) {
      piece = bytes.subspan(*offset, std::min(wire::k_max_piece_bytes, bytes.size() - *offset));
      request.offset = *offset;
      request.piece_bytes = static_cast<std::uint32_t>(piece.size());
      request.piece = wire::sha256(piece);
      headers = fmt::format("{}: {}\r\n", wire::k_digest_header, wire::content_digest(request.piece));
    }
    const record::Bytes message = must(wire::encode_blob_request(request, m_device_key));
    headers += fmt::format("{}: {}\r\n", wire::k_request_header, record::to_base64url(message));
    const std::string_view body(reinterpret_cast<const char*>(piece.data()), piece.size());
    const HttpReply reply = connection.send(offset ? "PATCH" : "HEAD", path, headers, body);
    const auto answer =
        must(wire::open_blob_answer(answer_in(reply), m_id, wire::message_digest(message), {&centre_key, 1}));
    if (answer.word == wire::BlobWord::held) return;
    if (answer.word != wire::BlobWord::wanted) give_up("an attachment was refused");
    offset = answer.offset;
  }
}

}  // namespace anjungan::bench
