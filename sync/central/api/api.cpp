// SPDX-License-Identifier: Apache-2.0
#include "sync/central/api/api.h"

#include <array>

#include "sync/central/api/json_answers.h"
#include "sync/central/web/pages.h"
#include "sync/wire/blob.h"
#include "sync/wire/http.h"
#include "sync/wire/limits.h"

namespace anjungan::central {
namespace {

HttpResponse plain(unsigned status, std::string_view text) {
  HttpResponse out;
  out.status = status;
  out.body = std::string(text) + "\n";
  return out;
}

constexpr std::size_t k_look_up_body = 2'048;
constexpr std::size_t k_control_body = 64 * 1024;
constexpr std::size_t k_catalogue_body = 1024 * 1024;  // as JSON its texts grow

}  // namespace

Api::Api(Centre& centre, const record::Clock& clock, const HttpCounters& counters, Brand brand)
    : m_centre(centre), m_clock(clock), m_counters(counters), m_brand(std::move(brand)) {}

Route Api::route_of(std::string_view method, std::string_view path) {
  if (path.starts_with(wire::k_blob_path)) {
    if (method == "HEAD") return {0, Lane::blobs};
    if (method == "PATCH") return {wire::k_max_piece_bytes, Lane::blobs};
  }
  if (method != "POST") return {};
  if (path == wire::k_sync_path || path == wire::k_enrol_path || path == wire::k_question_path ||
      path == wire::k_rotate_path) {
    return {wire::k_max_request_bytes, Lane::terminals};
  }
  if (path == "/t/receipt" || path == "/t/code") return {k_look_up_body, Lane::people};
  if (path == "/control/carried") return {wire::k_max_request_bytes, Lane::terminals};
  if (path == "/control/command-catalogue") return {k_catalogue_body, Lane::people};
  if (path.starts_with("/control/")) return {k_control_body, Lane::people};
  return {};
}

HttpResponse Api::wire(const HttpRequest& request, Reply (Centre::*call)(record::Bytes)) {
  const record::ByteView body = record::view_of(request.body);
  if (request.content_type != wire::k_content_type) return plain(415, "wrong content type");
  if (!wire::check_content_digest(request.content_digest, body)) {
    return plain(400, "Content-Digest is missing or does not fit: the body is damaged");
  }
  Reply reply = (m_centre.*call)(record::Bytes(body.begin(), body.end()));
  HttpResponse out;
  out.status = reply.status;
  out.retry_after_s = reply.retry_after_s;
  out.content_type = std::string(wire::k_content_type);
  out.body = record::to_text(reply.body);
  if (!reply.body.empty()) out.content_digest = wire::content_digest(reply.body);
  return out;
}

HttpResponse Api::blob(const HttpRequest& request) {
  const auto name = wire::blob_of_path(request.path);
  if (!name) return plain(404, "no name of an attachment");
  auto message = record::from_base64url(request.message);
  if (!message || message->empty()) return plain(400, "Anjungan-Request is missing or not base64url");
  std::optional<wire::Piece> piece;
  if (request.method == "PATCH") {
    piece.emplace(record::view_of(request.body));
    if (!wire::check_content_digest(request.content_digest, piece->digest)) {
      return plain(400, "Content-Digest is missing or does not fit: the body is damaged");
    }
  }
  const BlobReply reply = m_centre.blob(*name, std::move(*message), piece);
  HttpResponse out;
  out.status = reply.status;
  out.retry_after_s = reply.retry_after_s;
  if (!reply.message.empty()) {
    out.message = record::to_base64url(reply.message);
    out.offset = reply.offset;
  }
  return out;
}

HttpResponse Api::look_at_receipt(const HttpRequest& request) {
  const auto token = text_member(request.body, "token");
  if (!token) return plain(400, "token: a text is needed");
  auto sight = m_centre.look_at_receipt(*token);
  if (!sight) return plain(503, "try again later");
  return json_response(200, sight_json(*sight));
}

HttpResponse Api::look_at_code(const HttpRequest& request) {
  const auto code = text_member(request.body, "code");
  if (!code) return plain(400, "code: a text is needed");
  const std::int64_t now = m_clock.unix_ms();
  if (!m_code_misses.allows(request.peer, now)) {
    HttpResponse out = plain(429, "too many tries");
    out.retry_after_s = MissBudget::k_retry_after_s;
    return out;
  }
  auto sight = m_centre.look_at_code(*code);
  if (!sight && sight.error().kind == record::ErrorKind::invalid) {
    sight = Sight{};  // a mistyped code and an unknown one get the same answer
  }
  if (!sight) return plain(503, "try again later");
  if (sight->verdict != Verdict::known) m_code_misses.miss(request.peer, now);
  return json_response(200, sight_json(*sight));
}

HttpResponse Api::serve(const HttpRequest& request) {
  const bool get = request.method == "GET";
  const bool post = request.method == "POST";
  if (post && request.path == wire::k_sync_path) return wire(request, &Centre::sync);
  if (post && request.path == wire::k_enrol_path) return wire(request, &Centre::enrol);
  if (post && request.path == wire::k_question_path) return wire(request, &Centre::question);
  if (post && request.path == wire::k_rotate_path) return wire(request, &Centre::rotate);
  if ((request.method == "HEAD" || request.method == "PATCH") && request.path.starts_with(wire::k_blob_path)) {
    return blob(request);
  }
  if (post && request.path == "/t/receipt") return look_at_receipt(request);
  if (post && request.path == "/t/code") return look_at_code(request);
  if (get && request.path == "/health") return plain(200, "ok");
  if (get && request.path == "/health/ready") {
    return m_centre.ready() ? plain(200, "ok") : plain(503, "the store does not answer");
  }
  // For a Prometheus on this machine; what a proxy passes on comes from elsewhere.
  if (get && request.path == "/metrics" && (request.peer == "127.0.0.1" || request.peer == "::1")) {
    HttpResponse out;
    out.content_type = "text/plain; version=0.0.4; charset=utf-8";
    out.body = metrics_text(m_counters, m_centre);
    return out;
  }
  if (get && (request.path == "/" || request.path == "/t")) {
    HttpResponse out;
    out.content_type = "text/html; charset=utf-8";
    out.body = tracking_page(m_brand.government, m_brand.phone, m_brand.help);
    return out;
  }
  if (get) {
    if (const auto asset = static_asset(request.path)) {
      HttpResponse out;
      out.content_type = std::string(asset->content_type);
      out.body = std::string(asset->content);
      out.cacheable = true;
      return out;
    }
  }
  constexpr std::array<std::string_view, 11> k_paths = {wire::k_sync_path,
                                                        wire::k_enrol_path,
                                                        wire::k_question_path,
                                                        wire::k_rotate_path,
                                                        "/t/receipt",
                                                        "/t/code",
                                                        "/health",
                                                        "/health/ready",
                                                        "/",
                                                        "/t",
                                                        "/s/track.js"};
  for (const std::string_view path : k_paths) {
    if (request.path == path) return plain(405, "not with this method");
  }
  return plain(404, "there is nothing here");
}

}  // namespace anjungan::central
