// SPDX-License-Identifier: Apache-2.0
#include "sync/central/api/http_server.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>

#include "sync/central/api/tls.h"

namespace anjungan::central {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = net::ip::tcp;
using Local = net::local::stream_protocol;

template <class Protocol>
using Plain = beast::basic_stream<Protocol, net::any_io_executor>;
using Tls = net::ssl::stream<Plain<Tcp>>;

constexpr std::uint32_t k_header_limit = 16 * 1024;
constexpr std::uint64_t k_largest_body = 1024 * 1024;
constexpr std::size_t k_read_bytes = 64 * 1024;
constexpr auto k_request_time = std::chrono::seconds(10);
constexpr auto k_idle_time = std::chrono::seconds(60);
constexpr auto k_drain_time = std::chrono::seconds(10);

/// How long a refused client is listened to, so that it reads why before the connection ends.
constexpr auto k_parting_time = std::chrono::seconds(2);
constexpr int k_retry_after_s = 10;
/// Connections beyond the limit that are told so; more than these are closed at once.
constexpr std::size_t k_most_refusals = 1'000;

std::size_t index(Lane lane) { return static_cast<std::size_t>(lane); }

/// What all connections share. Outlives them: the server joins its threads before it goes.
struct Shared {
  RouteOf route_of;
  HttpCounters* counters = nullptr;
  std::size_t max_connections = 0;
  /// By lane; people's have no bound but that of connections.
  std::array<std::size_t, 3> most_requests{};
  std::array<std::atomic<std::size_t>, 3> requests{};
  std::array<net::thread_pool*, 3> lanes{};
  std::atomic<bool> draining{false};
  bool behind_proxy = false;

  /// Requests that were begun and are not answered yet.
  std::mutex mutex;
  std::condition_variable all_answered;
  std::size_t begun = 0;
};

/// Counts a connection as long as it lives.
class Slot {
 public:
  explicit Slot(Shared& shared) : m_shared(shared) { m_shared.counters->connections++; }
  ~Slot() { m_shared.counters->connections--; }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

 private:
  Shared& m_shared;
};

/// Counts a request from its header to the end of its answer.
class Begun {
 public:
  Begun(Shared& shared, Lane lane) : m_shared(shared), m_lane(index(lane)) {
    const std::lock_guard guard(m_shared.mutex);
    m_shared.begun++;
    m_shared.requests[m_lane]++;
  }
  ~Begun() {
    const std::lock_guard guard(m_shared.mutex);
    m_shared.requests[m_lane]--;
    if (--m_shared.begun == 0) m_shared.all_answered.notify_all();
  }
  Begun(const Begun&) = delete;
  Begun& operator=(const Begun&) = delete;

 private:
  Shared& m_shared;
  std::size_t m_lane;
};

http::response<http::string_body> to_beast(HttpResponse&& from, unsigned version, bool keep_alive) {
  http::response<http::string_body> out{http::int_to_status(from.status), version};
  out.set(http::field::content_type, from.content_type);
  out.set(http::field::cache_control, from.cacheable ? "public, max-age=3600" : "no-store");
  out.set("X-Content-Type-Options", "nosniff");
  out.set("Referrer-Policy", "no-referrer");
  out.set("X-Robots-Tag", "noindex, nofollow");
  out.set(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'");
  if (!from.content_digest.empty()) out.set("Content-Digest", from.content_digest);
  if (!from.message.empty()) out.set("Anjungan-Answer", from.message);
  if (from.offset) out.set("Upload-Offset", std::to_string(*from.offset));
  if (from.retry_after_s > 0) out.set(http::field::retry_after, std::to_string(from.retry_after_s));
  out.keep_alive(keep_alive);
  out.body() = std::move(from.body);
  out.prepare_payload();
  return out;
}

template <class Stream>
class Session : public std::enable_shared_from_this<Session<Stream>> {
 public:
  /// `refuse`: one connection too many; it is told so.
  Session(Stream stream, Shared& shared, const HttpHandler& handler, std::string peer, bool refuse)
      : m_stream(std::move(stream)),
        m_shared(shared),
        m_slot(shared),
        m_handler(handler),
        m_peer(std::move(peer)),
        m_refuse(refuse) {}

  void run() {
    net::dispatch(m_stream.get_executor(), [me = this->shared_from_this()] { me->begin(); });
  }

 private:
  void begin() {
    if constexpr (std::is_same_v<Stream, Tls>) {
      wire().expires_after(k_request_time);
      m_stream.async_handshake(net::ssl::stream_base::server, [me = this->shared_from_this()](beast::error_code error) {
        if (error) return me->close();
        me->read_header(k_request_time);
      });
    } else {
      read_header(k_request_time);
    }
  }

  /// The connection below TLS.
  auto& wire() { return beast::get_lowest_layer(m_stream); }

  template <class Time>
  void read_header(Time time) {
    m_parser.emplace();
    m_parser->header_limit(k_header_limit);
    m_parser->body_limit(k_largest_body);  // the route's own, once it is known
    wire().expires_after(time);
    http::async_read_header(
        m_stream, m_buffer, *m_parser,
        [me = this->shared_from_this()](beast::error_code error, std::size_t) { me->on_header(error); });
  }

  void on_header(beast::error_code error) {
    if (error == http::error::header_limit) return answer_and_close(431, "headers too large");
    if (error == http::error::body_limit) return answer_and_close(413, "body too large");
    if (error == http::error::end_of_stream || error == beast::error::timeout ||
        error == net::error::operation_aborted || error == net::error::connection_reset ||
        error == http::error::partial_message || error == net::ssl::error::stream_truncated) {
      return close();
    }
    if (error) return answer_and_close(400, "not HTTP/1.1");
    if (m_refuse) return refuse();
    const auto& request = m_parser->get();
    const bool chunked = request.has_content_length() ? false : request.chunked();
    if (request.version() == 10 && request.find(http::field::transfer_encoding) != request.end()) {
      return answer_and_close(400, "Transfer-Encoding does not belong in HTTP/1.0");
    }
    // Beast takes a coding it does not know for no body at all; what follows would be read as another request.
    if (request.find(http::field::transfer_encoding) != request.end() && !request.chunked()) {
      return answer_and_close(400, "an unknown Transfer-Encoding");
    }
    if (request.find(http::field::transfer_encoding) != request.end() &&
        request.find(http::field::content_length) != request.end()) {
      return answer_and_close(400, "both Content-Length and Transfer-Encoding");
    }
    if (request.count(http::field::content_length) > 1 || request.count(http::field::host) > 1) {
      return answer_and_close(400, "a header stands twice");
    }
    if (request.find(http::field::host) == request.end()) return answer_and_close(400, "Host is missing");
    if (request.find(http::field::content_encoding) != request.end())
      return answer_and_close(415, "no compressed bodies");
    if (request.target().empty() || request.target().front() != '/' || request.target().size() > 1024) {
      return answer_and_close(400, "bad request target");
    }
    const std::string_view target(request.target().data(), request.target().size());
    const std::size_t question = target.find('?');
    const std::string_view method(request.method_string().data(), request.method_string().size());
    const Route route = m_shared.route_of(method, target.substr(0, question));
    const std::size_t limit = route.body_limit;
    const auto length = m_parser->content_length();
    if ((length && *length > limit) || (chunked && limit == 0)) return answer_and_close(413, "body too large");
    const std::size_t lane = index(route.lane);
    if (route.lane != Lane::people && m_shared.requests[lane] >= m_shared.most_requests[lane]) return refuse();
    m_lane = route.lane;
    m_begun.emplace(m_shared, m_lane);
    m_parser->body_limit(limit);
    // In large pieces, for as long as the body takes: a few hundred bytes at a time cost more than what is done with
    // them.
    m_buffer.reserve(m_buffer.size() + std::min<std::size_t>(length.value_or(limit), k_read_bytes));
    wire().expires_after(k_request_time);
    http::async_read(m_stream, m_buffer, *m_parser,
                     [me = this->shared_from_this()](beast::error_code failed, std::size_t) { me->on_body(failed); });
  }

  void on_body(beast::error_code error) {
    if (error == http::error::body_limit) return answer_and_close(413, "body too large");
    if (error == beast::error::timeout || error == net::error::operation_aborted ||
        error == net::error::connection_reset || error == http::error::partial_message ||
        error == net::ssl::error::stream_truncated) {
      return close();
    }
    if (error) return answer_and_close(400, "the body is not well formed");
    auto message = m_parser->release();
    m_buffer.shrink_to_fit();  // ten thousand idle connections hold nothing
    const bool keep_alive = message.keep_alive() && !m_shared.draining;
    const unsigned version = message.version();
    HttpRequest request;
    request.method = std::string(message.method_string());
    const std::string target(message.target());
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string::npos) request.query = target.substr(question + 1);
    request.content_type = std::string(message[http::field::content_type]);
    request.content_digest = std::string(message["Content-Digest"]);
    request.message = std::string(message["Anjungan-Request"]);
    request.body = std::move(message.body());
    request.peer = m_peer;
    if (m_shared.behind_proxy) {
      boost::system::error_code not_an_address;
      const auto address = net::ip::make_address(std::string(message["X-Real-IP"]), not_an_address);
      if (!not_an_address) request.peer = address.to_string();
    }
    wire().expires_never();
    net::thread_pool& lane = *m_shared.lanes[index(m_lane)];
    const bool head = request.method == "HEAD";
    net::post(lane, [me = this->shared_from_this(), request = std::move(request), keep_alive, version, head] {
      const auto start = std::chrono::steady_clock::now();
      HttpResponse response;
      try {
        response = me->m_handler(request);
      } catch (const std::exception& thrown) {
        spdlog::critical("request handler: {}", thrown.what());
        response = {500, "text/plain; charset=utf-8", "internal error\n", "", 0, false};
      }
      if (head) response.body.clear();  // its sender would take a body for the next answer
      const auto took = std::chrono::steady_clock::now() - start;
      me->m_shared.counters->handling_us +=
          static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
      net::post(me->m_stream.get_executor(), [me, response = std::move(response), keep_alive, version]() mutable {
        me->write(to_beast(std::move(response), version, keep_alive), keep_alive);
      });
    });
  }

  void refuse() {
    m_shared.counters->refused++;
    answer_and_close(503, "busy: come back later", k_retry_after_s);
  }

  void answer_and_close(unsigned status, std::string_view why, int retry_after_s = 0) {
    HttpResponse response;
    response.status = status;
    response.retry_after_s = retry_after_s;
    response.body = std::string(why) + "\n";
    write(to_beast(std::move(response), 11, false), false);
  }

  void write(http::response<http::string_body> response, bool keep_alive) {
    m_shared.counters->answers[std::min<std::size_t>(response.result_int() / 100, 5)]++;
    m_response.emplace(std::move(response));
    wire().expires_after(k_request_time);
    http::async_write(m_stream, *m_response,
                      [me = this->shared_from_this(), keep_alive](beast::error_code error, std::size_t) {
                        me->m_begun.reset();
                        if (error) return me->close();
                        if (!keep_alive) return me->part();
                        me->read_header(k_idle_time);
                      });
  }

  /// Ends a connection whose client may still be sending: closing at once would reset it before it reads the answer.
  void part() {
    beast::error_code ignored;
    wire().socket().shutdown(net::socket_base::shutdown_send, ignored);
    wire().expires_after(k_parting_time);
    listen_out();
  }

  void listen_out() {
    m_buffer.clear();
    wire().async_read_some(m_buffer.prepare(16 * 1024),
                           [me = this->shared_from_this()](beast::error_code error, std::size_t size) {
                             me->m_heard_out += size;
                             if (error || me->m_heard_out > k_largest_body) return me->close();
                             me->listen_out();
                           });
  }

  void close() {
    beast::error_code ignored;
    wire().socket().shutdown(net::socket_base::shutdown_send, ignored);
    wire().close();
  }

  Stream m_stream;
  Shared& m_shared;
  Slot m_slot;
  const HttpHandler& m_handler;
  std::string m_peer;
  bool m_refuse;
  Lane m_lane = Lane::people;
  std::size_t m_heard_out = 0;
  std::optional<Begun> m_begun;
  beast::flat_buffer m_buffer{k_header_limit + 1024 * 1024};
  std::optional<http::request_parser<http::string_body>> m_parser;
  std::optional<http::response<http::string_body>> m_response;
};

bool trusted_peer(Local::socket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == geteuid();
}

class BeastServer final : public HttpServer {
 public:
  BeastServer(const HttpOptions& options, RouteOf route_of, HttpCounters& counters, HttpHandler handler,
              HttpHandler control)
      : m_terminals(options.terminal_threads),
        m_people(options.people_threads),
        m_blobs(options.blob_threads),
        m_handler(std::move(handler)),
        m_control(std::move(control)) {
    m_shared.route_of = std::move(route_of);
    m_shared.counters = &counters;
    m_shared.max_connections = options.max_connections;
    m_shared.most_requests[index(Lane::terminals)] = options.max_terminal_requests;
    m_shared.most_requests[index(Lane::blobs)] = options.max_blob_requests;
    m_shared.lanes = {&m_people, &m_terminals, &m_blobs};
    m_shared.behind_proxy = options.behind_proxy;
    m_certificate = options.tls_certificate;
    m_key = options.tls_key;
  }

  ~BeastServer() override {
    m_shared.draining = true;
    net::post(m_io, [this] {
      beast::error_code ignored;
      m_acceptor.close(ignored);
      m_local_acceptor.close(ignored);
    });
    {
      // What was begun is answered, down to the last byte of the answer.
      std::unique_lock guard(m_shared.mutex);
      m_shared.all_answered.wait_for(guard, k_drain_time, [this] { return m_shared.begun == 0; });
    }
    m_terminals.join();
    m_people.join();
    m_blobs.join();
    m_io.stop();
    for (std::thread& thread : m_threads) thread.join();
    if (!m_socket_path.empty()) ::unlink(m_socket_path.c_str());
  }

  record::Result<void> reload_tls() override {
    if (m_certificate.empty()) return {};
    auto loaded = load_tls(m_certificate, m_key);
    if (!loaded) return tl::unexpected(loaded.error());
    const std::lock_guard guard(m_tls_mutex);
    m_tls = std::make_shared<net::ssl::context>(loaded->release());
    return {};
  }

  record::Result<void> listen(const HttpOptions& options) {
    if (auto tls = reload_tls(); !tls) return tls;
    try {
      const Tcp::endpoint where(net::ip::make_address(options.address), options.port);
      m_acceptor.open(where.protocol());
      m_acceptor.set_option(net::socket_base::reuse_address(true));
      m_acceptor.bind(where);
      m_acceptor.listen(4096);
      if (!options.unix_socket.empty()) {
        ::unlink(options.unix_socket.c_str());
        const mode_t before = ::umask(0177);
        m_local_acceptor.open();
        m_local_acceptor.bind(Local::endpoint(options.unix_socket));
        ::umask(before);
        m_local_acceptor.listen();
        m_socket_path = options.unix_socket;
      }
    } catch (const std::exception& thrown) {
      return record::fail(record::ErrorKind::io,
                          fmt::format("cannot listen on {}:{}: {}", options.address, options.port, thrown.what()));
    }
    accept_tcp();
    if (!m_socket_path.empty()) accept_local();
    for (int n = 0; n < 2; n++) m_threads.emplace_back([this] { m_io.run(); });
    return {};
  }

  [[nodiscard]] unsigned short port() const override { return m_acceptor.local_endpoint().port(); }

 private:
  void accept_tcp() {
    m_acceptor.async_accept(net::make_strand(m_io), [this](beast::error_code error, Tcp::socket socket) {
      if (m_shared.draining || error == net::error::operation_aborted) return;
      const std::size_t open = m_shared.counters->connections;
      if (!error && open < m_shared.max_connections + k_most_refusals) {
        beast::error_code unknown;
        socket.set_option(Tcp::no_delay(true), unknown);
        const auto peer = socket.remote_endpoint(unknown);
        const std::string address = unknown ? std::string("unknown") : peer.address().to_string();
        meet(Plain<Tcp>(std::move(socket)), address, open >= m_shared.max_connections);
      }
      accept_tcp();
    });
  }

  void meet(Plain<Tcp> stream, const std::string& address, bool refuse) {
    std::shared_ptr<net::ssl::context> tls;
    {
      const std::lock_guard guard(m_tls_mutex);
      tls = m_tls;
    }
    // A connection's own object keeps what it needs of the context.
    if (tls) return start(Tls(std::move(stream), *tls), m_handler, address, refuse);
    start(std::move(stream), m_handler, address, refuse);
  }

  template <class Stream>
  void start(Stream stream, const HttpHandler& handler, const std::string& peer, bool refuse) {
    std::make_shared<Session<Stream>>(std::move(stream), m_shared, handler, peer, refuse)->run();
  }

  void accept_local() {
    m_local_acceptor.async_accept(net::make_strand(m_io), [this](beast::error_code error, Local::socket socket) {
      if (m_shared.draining || error == net::error::operation_aborted) return;
      if (!error && trusted_peer(socket)) {
        start(Plain<Local>(std::move(socket)), m_control, "local", false);
      }
      accept_local();
    });
  }

  Shared m_shared;
  net::io_context m_io;
  /// Keeps the threads once the last connection is gone: the end still waits for what it posts to them.
  net::executor_work_guard<net::io_context::executor_type> m_busy{m_io.get_executor()};
  net::thread_pool m_terminals;
  net::thread_pool m_people;
  net::thread_pool m_blobs;
  HttpHandler m_handler;
  HttpHandler m_control;
  Tcp::acceptor m_acceptor{m_io};
  Local::acceptor m_local_acceptor{m_io};
  std::string m_socket_path;
  std::string m_certificate;
  std::string m_key;
  std::mutex m_tls_mutex;
  std::shared_ptr<net::ssl::context> m_tls;  ///< null: plain HTTP
  std::vector<std::thread> m_threads;
};

}  // namespace

record::Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options, RouteOf route_of,
                                                              HttpCounters& counters, HttpHandler handler,
                                                              HttpHandler control) {
  auto server =
      std::make_unique<BeastServer>(options, std::move(route_of), counters, std::move(handler), std::move(control));
  if (auto up = server->listen(options); !up) return tl::unexpected(up.error());
  return server;
}

}  // namespace anjungan::central
