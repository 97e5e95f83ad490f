// SPDX-License-Identifier: Apache-2.0
// A bounded HTTP/1.1 server over TCP, with TLS or without, and over a unix socket. The only part that knows Boost.Beast
// (http_server.cpp).
//
// Bounds: headers 16 KiB, body by route, 10 s for a request's header and body, 60 s idle between requests, at most
// `max_connections` open; beyond them, and beyond `max_terminal_requests` and `max_blob_requests`, 503 with
// Retry-After. Terminals, attachments and people have threads of their own: a herd of terminals that come back does not
// keep a phone waiting. Refused with a 4xx and a closed connection: a request without Host, with Content-Encoding, with
// Transfer-Encoding in HTTP/1.0 or other than chunked, with both Content-Length and Transfer-Encoding, with a body
// larger than its route takes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sync/central/api/metrics.h"
#include "sync/record/result.h"

namespace anjungan::central {

struct HttpRequest {
  std::string method;
  std::string path;   ///< without the query
  std::string query;  ///< after the question mark
  std::string body;
  std::string content_type;
  std::string content_digest;
  std::string message;  ///< the header Anjungan-Request
  std::string peer;     ///< the client's address; "local" on the unix socket
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::string content_digest;
  int retry_after_s = 0;
  bool cacheable = false;                    ///< static assets only
  std::string message = {};                  ///< the header Anjungan-Answer
  std::optional<std::uint64_t> offset = {};  ///< the header Upload-Offset
};

/// Runs on a pool of threads; may block.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;
/// Who waits for whom: each lane has threads of its own, and a herd in one keeps nobody waiting in another.
enum class Lane { people, terminals, blobs };
struct Route {
  std::size_t body_limit = 0;  ///< the largest body it takes
  Lane lane = Lane::people;
};
using RouteOf = std::function<Route(std::string_view method, std::string_view path)>;

struct HttpOptions {
  std::string address = "127.0.0.1";
  unsigned short port = 0;  ///< 0: any free one
  std::string unix_socket;  ///< path of the control socket; empty: none
  std::size_t max_connections = 10'000;
  std::size_t max_terminal_requests = 256;  ///< read, waiting for a thread, or being handled
  std::size_t max_blob_requests = 64;       ///< of terminals' attachments, the same
  unsigned blob_threads = 48;
  unsigned terminal_threads = 64;
  unsigned people_threads = 4;
  std::string tls_certificate;  ///< PEM files (tls.h); both empty: plain HTTP
  std::string tls_key;
  bool behind_proxy = false;  ///< the client's address is what X-Real-IP says; only for a proxy of ours that sets it
};

class HttpServer {
 public:
  /// Binds and starts. `handler` answers TCP, `control` the unix socket (peers of other users than root and ours are
  /// refused).
  [[nodiscard]] static record::Result<std::unique_ptr<HttpServer>> start(const HttpOptions& options, RouteOf route_of,
                                                                         HttpCounters& counters, HttpHandler handler,
                                                                         HttpHandler control);
  /// Takes no new connections, answers what was begun (at most 10 s), waits for handlers that still run, then returns.
  virtual ~HttpServer() = default;
  [[nodiscard]] virtual unsigned short port() const = 0;
  /// Reads the certificate and its key again, for connections from now on; the ones in use stay when they are wrong.
  [[nodiscard]] virtual record::Result<void> reload_tls() = 0;

 protected:
  HttpServer() = default;
};

}  // namespace anjungan::central
