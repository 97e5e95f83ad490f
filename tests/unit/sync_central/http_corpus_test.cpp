// SPDX-License-Identifier: Apache-2.0
// Threats to the server's HTTP by raw sockets: what no honest client sends reaches no handler.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "sync/central/api/http_server.h"
#include "tests/unit/sync_central/raw_client.h"

namespace anjungan::central {
namespace {

class Corpus : public testing::Test {
 protected:
  void SetUp() override {
    auto server = HttpServer::start(
        {},
        [](std::string_view method, std::string_view) { return Route{method == "POST" ? 1'000U : 0U, Lane::people}; },
        m_counters,
        [this](const HttpRequest& request) {
          m_handled++;
          const std::lock_guard guard(m_mutex);
          m_peer = request.peer;
          HttpResponse out;
          out.body = "done";
          return out;
        },
        {});
    ASSERT_TRUE(server) << server.error().text;
    m_server = std::move(*server);
  }

  [[nodiscard]] std::string answer_to(const std::string& bytes) const {
    const Client client(m_server->port());
    static_cast<void>(client.offer(bytes));
    return client.receive();
  }
  [[nodiscard]] std::string honest() const {
    return answer_to("GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  HttpCounters m_counters;
  std::atomic<int> m_handled = 0;
  std::mutex m_mutex;
  std::string m_peer;
  std::unique_ptr<HttpServer> m_server;
};

using Threat17 = Corpus;
using Threat18 = Corpus;

TEST_F(Threat17, ThousandsOfHalfRequestsKeepNoHonestOneWaiting) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 10'000);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  // Both ends of each are in this process.
  const std::size_t held = std::min<std::size_t>(4'000, static_cast<std::size_t>(limit.rlim_cur) / 2 - 100);
  {
    std::vector<std::unique_ptr<Client>> slow;
    for (std::size_t n = 0; n < held; n++) {
      slow.push_back(std::make_unique<Client>(m_server->port()));
      slow.back()->send("POST /sync HTTP/1.1\r\nHost: x\r\nContent-Le");
    }
    EXPECT_NE(honest().find("200 OK"), std::string::npos);
    EXPECT_GE(m_counters.connections, held / 2) << "nobody was held";
  }
  EXPECT_NE(honest().find("200 OK"), std::string::npos);
  limit.rlim_cur = before;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

TEST_F(Threat17, EndlessHeadersAreCut) {
  std::string endless = "GET /page HTTP/1.1\r\nHost: x\r\n";
  for (int n = 0; n < 200'000; n++) endless += "X-" + std::to_string(n) + ": a\r\n";
  EXPECT_EQ(answer_to(endless + "\r\n").find("200 OK"), std::string::npos);
  EXPECT_EQ(answer_to("GET /" + std::string(1'000'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n").find("200 OK"),
            std::string::npos);
  EXPECT_EQ(m_handled, 0);
  EXPECT_NE(honest().find("200 OK"), std::string::npos);
}

TEST_F(Threat18, BombsAndSmuggledRequestsReachNoHandler) {
  const std::string post = "POST /sync HTTP/1.1\r\nHost: x\r\n";
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  std::string chunks;
  for (int n = 0; n < 50'000; n++) chunks += "1\r\na\r\n";
  const std::pair<const char*, std::string> corpus[] = {
      {"two lengths", post + "Content-Length: 0\r\nContent-Length: 40\r\n\r\n" + smuggled},
      {"a list of lengths", post + "Content-Length: 0, 40\r\n\r\n" + smuggled},
      {"length and chunks", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled},
      {"chunks, then a length", post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + smuggled},
      {"chunks in 1.0", "POST /sync HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"gzip", post + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi"},
      {"no host", "POST /sync HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"},
      {"a body that is too large", post + "Content-Length: 1001\r\n\r\n" + std::string(1'001, 'a')},
      {"a length that overflows", post + "Content-Length: 99999999999999999999999\r\n\r\n"},
      {"a negative length", post + "Content-Length: -1\r\n\r\n"},
      {"a chunk that overflows", post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"},
      {"a chunk that is too large", post + "Transfer-Encoding: chunked\r\n\r\n7FFFFFFF\r\n" + std::string(5'000, 'a')},
      {"chunks without end", post + "Transfer-Encoding: chunked\r\n\r\n" + chunks},
      {"a NUL in a header", post + "X: a" + std::string(1, '\0') + "b\r\nContent-Length: 2\r\n\r\nhi"},
      {"a name with a space", post + "Content-Length : 2\r\n\r\nhi"},
      {"no such version", "GET /page HTTP/9.9\r\nHost: x\r\n\r\n"},
      {"no request", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"},
      {"a body for GET", "GET /page HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"},
  };
  for (const auto& [name, bytes] : corpus) {
    const std::string answer = answer_to(bytes);
    EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 4")) << name << ": " << answer.substr(0, 60);
    EXPECT_EQ(m_handled, 0) << name;
    m_handled = 0;
  }
  EXPECT_NE(honest().find("200 OK"), std::string::npos);
}

TEST_F(Threat18, NobodyNamesHisOwnAddress) {
  for (const char* header : {"X-Real-IP: 192.0.2.1", "X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1",
                             "REMOTE_ADDR: 192.0.2.1", "X_Real_IP: 192.0.2.1"}) {
    const std::string answer =
        answer_to("GET /page HTTP/1.1\r\nHost: x\r\n" + std::string(header) + "\r\nConnection: close\r\n\r\n");
    EXPECT_NE(answer.find("200 OK"), std::string::npos) << header;
    const std::lock_guard guard(m_mutex);
    EXPECT_EQ(m_peer, "127.0.0.1") << header;
  }
}

}  // namespace
}  // namespace anjungan::central
