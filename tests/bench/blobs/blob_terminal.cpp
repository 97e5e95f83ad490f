// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/blobs/blob_terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

record::Bytes answer_in(const std::string& headers) {
  const std::string name = std::string(wire::k_answer_header) + ": ";
  const std::size_t start = headers.find(name) + name.size();
  return must(record::from_base64url(std::string_view(headers).substr(start, headers.find('\r', start) - start)));
}

}  // namespace

Parcel::Parcel(const wire::DeviceId& id, const record::SigningKey& device_key, record::Bytes bytes,
               const record::PublicKey& root)
    : m_id(id), m_bytes(std::move(bytes)), m_name(record::hash(m_bytes)) {
  add(0, {}, device_key, root);
  const record::ByteView whole(m_bytes);
  for (std::size_t at = 0; at < whole.size(); at += wire::k_max_piece_bytes) {
    add(at, whole.subspan(at, std::min(wire::k_max_piece_bytes, whole.size() - at)), device_key, root);
  }
}

void Parcel::add(std::uint64_t offset, record::ByteView piece, const record::SigningKey& device_key,
                 const record::PublicKey& root) {
  wire::BlobRequest request;
  request.device = m_id;
  request.centre = wire::root_id(root);
  request.blob = m_name;
  request.size = m_bytes.size();
  request.created_ms = record::SystemClock().unix_ms();
  Request out;
  if (!piece.empty()) {
    request.offset = offset;
    request.piece_bytes = static_cast<std::uint32_t>(piece.size());
    request.piece = wire::sha256(piece);
    out.headers = fmt::format("{}: {}\r\n", wire::k_digest_header, wire::content_digest(request.piece));
  }
  const record::Bytes message = must(wire::encode_blob_request(request, device_key));
  out.headers += fmt::format("{}: {}\r\n", wire::k_request_header, record::to_base64url(message));
  out.digest = wire::message_digest(message);
  out.piece = piece;
  m_requests.push_back(std::move(out));
}

void Parcel::deliver(HttpConnection& connection, bool flows) {
  if (flows) m_requests.erase(m_requests.begin());
  const std::string path = std::string(wire::k_blob_path) + record::to_hex(m_name);
  for (Request& one : m_requests) {
    const std::string_view body(reinterpret_cast<const char*>(one.piece.data()), one.piece.size());
    HttpReply reply = connection.send(one.piece.empty() ? "HEAD" : "PATCH", path, one.headers, body);
    if (reply.status != 200) give_up(fmt::format("an attachment was answered with status {}", reply.status));
    one.answer = std::move(reply.headers);
  }
}

void Parcel::check(const record::PublicKey& centre_key) const {
  std::uint64_t sent = 0;
  for (const Request& one : m_requests) {
    const auto answer = must(wire::open_blob_answer(answer_in(one.answer), m_id, one.digest, {&centre_key, 1}));
    sent += one.piece.size();
    const auto word = sent == m_bytes.size() ? wire::BlobWord::held : wire::BlobWord::wanted;
    if (answer.word != word || answer.offset != sent) give_up("an attachment was not taken as it was sent");
  }
}

}  // namespace anjungan::bench
