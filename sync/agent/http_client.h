// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/agent/stop.h"
#include "sync/record/bytes.h"
#include "sync/record/result.h"

namespace anjungan::agent {

// What came back, whoever sent it. A status of 200 says nothing about the sender: a captive portal answers 200 too.
struct HttpAnswer {
  long status = 0;
  std::string content_type;
  record::Bytes body;
  // From Retry-After (seconds or an HTTP date), zero when absent or unreadable.
  std::chrono::seconds retry_after{0};
  // The header Anjungan-Answer, empty when absent.
  std::string message{};
};

// Something that carries one request and brings one answer: HttpClient in the programs, a fake in tests.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  using Headers = std::vector<std::pair<std::string, std::string>>;
  // Sends `body` to the configured authority and waits for the whole answer. Blocks up to the total timeout.
  // Fails with `unavailable` when no whole answer came (refused, cut, too slow, interrupted) and `invalid` when the
  // answer is larger than the limit.
  [[nodiscard]] virtual record::Result<HttpAnswer> post(std::string_view path, record::ByteView body,
                                                        const Headers& headers) = 0;
};

// The same for attachments: HEAD without a piece, PATCH with one.
class BlobTransport {
 public:
  BlobTransport() = default;
  BlobTransport(const BlobTransport&) = delete;
  BlobTransport& operator=(const BlobTransport&) = delete;
  virtual ~BlobTransport() = default;

  [[nodiscard]] virtual record::Result<HttpAnswer> carry(std::string_view path, const record::ByteView* piece,
                                                         const Transport::Headers& headers) = 0;
};

// HTTP/1.1 through libcurl with everything bounded: connect 10 s, whole exchange 60 s, a transfer under 64 bytes/s for
// 20 s is cut, the answer's size is limited, redirects are not followed, compressed answers are not asked for, and
// proxy variables of the environment are ignored, TLS is 1.3 (tls.h). Plain http is accepted only for a loopback
// address, where it never leaves the machine, and for a unix socket. One request at a time, on one thread.
class HttpClient final : public Transport, public BlobTransport {
 public:
  struct Options {
    std::string user_agent = "anjungan-sync";
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds total_timeout{60'000};
    std::size_t max_answer_bytes = 1024 * 1024;
    // A proxy to use, such as "http://10.0.0.1:3128"; empty for none.
    std::string proxy;
    // PEM file of the roots that the centre's certificate must come from; empty for the system's.
    std::string ca_file;
    // Talks to this unix socket in place of the URL's host.
    std::string unix_socket;
    // Ends the request under way, and every later one, at once. Not owned; may be null.
    const Stop* stop = nullptr;
  };

  // `base_url` is scheme and authority and perhaps a path prefix: no user, query or fragment.
  [[nodiscard]] static record::Result<std::unique_ptr<HttpClient>> open(const std::string& base_url, Options options);
  ~HttpClient() override;

  [[nodiscard]] record::Result<HttpAnswer> post(std::string_view path, record::ByteView body,
                                                const Headers& headers) override;
  [[nodiscard]] record::Result<HttpAnswer> carry(std::string_view path, const record::ByteView* piece,
                                                 const Headers& headers) override;
  [[nodiscard]] record::Result<HttpAnswer> get(std::string_view path_and_query);

 private:
  struct Curl;
  explicit HttpClient(std::unique_ptr<Curl> curl);
  enum class Method { get, head, post, patch };
  [[nodiscard]] record::Result<HttpAnswer> exchange(Method method, std::string_view path, record::ByteView body,
                                                    const Headers& headers);
  std::unique_ptr<Curl> m_curl;
};

// Refuses addresses the client would not talk to, with the reason and the remedy; returns the address without a
// trailing slash.
[[nodiscard]] record::Result<std::string> check_base_url(const std::string& base_url);

}  // namespace anjungan::agent
