// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/http_client.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "tests/unit/sync_agent/scripted_server.h"

namespace anjungan::agent {
namespace {

using test::http_answer;
using test::HttpRequest;
using test::ScriptedServer;
using Reply = ScriptedServer::Reply;

record::Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }
std::string text_of(const record::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::unique_ptr<HttpClient> client_for(const ScriptedServer& server, HttpClient::Options options = {}) {
  auto client = HttpClient::open(server.url(), std::move(options));
  EXPECT_TRUE(client.has_value());
  return *std::move(client);
}

TEST(HttpClient, PostsTheBytesAndBringsStatusTypeAndBody) {
  const ScriptedServer server([](const HttpRequest&) {
    return Reply{http_answer(200, std::string("a\0b", 3), "Content-Type: application/x-test\r\n")};
  });
  const auto client = client_for(server);
  const auto answer =
      client->post("/v1/sync", bytes_of(std::string("x\0y", 3)), {{"Content-Digest", "sha-256=:AA==:"}});
  ASSERT_TRUE(answer.has_value()) << answer.error().text;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->content_type, "application/x-test");
  EXPECT_EQ(text_of(answer->body), std::string("a\0b", 3));
  ASSERT_EQ(server.requests().size(), 1U);
  const HttpRequest request = server.requests()[0];
  EXPECT_EQ(request.line, "POST /v1/sync HTTP/1.1");
  EXPECT_EQ(request.body, std::string("x\0y", 3));
  EXPECT_EQ(request.header("content-digest"), "sha-256=:AA==:");
  EXPECT_EQ("http://" + request.header("Host"), server.url());
  EXPECT_EQ(request.header("Expect"), "");
  EXPECT_EQ(request.header("Accept-Encoding"), "");
}

TEST(HttpClient, DoesNotFollowRedirects) {
  const ScriptedServer server(
      [](const HttpRequest&) { return Reply{http_answer(302, "", "Location: /elsewhere\r\n")}; });
  const auto answer = client_for(server)->post("/v1/sync", {}, {});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(HttpClient, ReadsRetryAfter) {
  std::string header;
  const ScriptedServer server([&](const HttpRequest&) { return Reply{http_answer(503, "", header)}; });
  const auto wait = [&](const std::string& value) {
    header = value.empty() ? value : "Retry-After: " + value + "\r\n";
    const auto answer = client_for(server)->post("/", {}, {});
    EXPECT_TRUE(answer.has_value());
    return answer ? answer->retry_after.count() : -1;
  };
  EXPECT_EQ(wait("120"), 120);
  EXPECT_EQ(wait(""), 0);
  EXPECT_EQ(wait("soon"), 0);
  EXPECT_EQ(wait("-5"), 0);
  EXPECT_EQ(wait("Fri, 01 Jan 1999 00:00:00 GMT"), 0);
  EXPECT_GT(wait("Fri, 01 Jan 2100 00:00:00 GMT"), 3600);
}

TEST(HttpClient, StopsAtTheAnswersSizeLimit) {
  const ScriptedServer server([](const HttpRequest&) {
    // No Content-Length: only what really arrives can show that it is too much.
    return Reply{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(5000, 'x')};
  });
  HttpClient::Options options;
  options.max_answer_bytes = 4096;
  const auto answer = client_for(server, options)->post("/", {}, {});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, record::ErrorKind::invalid);
  options.max_answer_bytes = 5000;
  EXPECT_TRUE(client_for(server, options)->post("/", {}, {}).has_value());
}

TEST(HttpClient, GivesUpOnAServerThatHangs) {
  const ScriptedServer server([](const HttpRequest&) { return Reply{"HTTP/1.1 200 OK\r\n", true}; });
  HttpClient::Options options;
  options.total_timeout = std::chrono::milliseconds{200};
  const auto answer = client_for(server, options)->post("/", {}, {});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, record::ErrorKind::unavailable);
}

TEST(HttpClient, StopEndsARequestUnderWayAndEveryLaterOne) {
  Stop stop;
  const ScriptedServer server([&](const HttpRequest&) {
    stop.request();  // from another thread, once the request is certainly under way
    return Reply{"", true};
  });
  HttpClient::Options options;
  options.stop = &stop;
  const auto client = client_for(server, options);
  for (int i = 0; i < 2; ++i) {
    const auto answer = client->post("/", {}, {});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().text, "the exchange was interrupted");
  }
}

TEST(HttpClient, IgnoresProxiesOfTheEnvironment) {
  const ScriptedServer proxy([](const HttpRequest&) { return Reply{http_answer(200, "proxy")}; });
  const ScriptedServer server([](const HttpRequest&) { return Reply{http_answer(200, "server")}; });
  ASSERT_EQ(::setenv("http_proxy", proxy.url().c_str(), 1), 0);
  ASSERT_EQ(::setenv("ALL_PROXY", proxy.url().c_str(), 1), 0);
  const auto direct = client_for(server)->post("/", {}, {});
  HttpClient::Options options;
  options.proxy = proxy.url();
  const auto configured = client_for(server, options)->post("/", {}, {});
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  ASSERT_TRUE(direct && configured);
  EXPECT_EQ(text_of(direct->body), "server");
  EXPECT_EQ(text_of(configured->body), "proxy");
}

TEST(HttpClient, NobodyListeningIsUnavailable) {
  std::string url;
  {
    const ScriptedServer gone([](const HttpRequest&) { return Reply{}; });
    url = gone.url();
  }
  auto client = HttpClient::open(url, {});
  ASSERT_TRUE(client.has_value());
  const auto answer = (*client)->post("/", {}, {});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, record::ErrorKind::unavailable);
}

TEST(HttpClient, PlainHttpOnlyToLoopback) {
  for (const char* good : {"https://lapor.example", "https://lapor.example:8443/", "http://127.0.0.1:8080",
                           "http://[::1]:80", "http://localhost:1", "http://127.9.9.9"}) {
    EXPECT_TRUE(check_base_url(good).has_value()) << good;
  }
  for (const char* bad : {"http://lapor.example", "http://127.0.0.1.evil.example", "http://10.0.0.1", "ftp://127.0.0.1",
                          "file:///etc/passwd", "https://user@lapor.example", "https://lapor.example/?a=b",
                          "https://lapor.example/#x", "lapor.example", "", "http://localhost.evil.example"}) {
    EXPECT_FALSE(check_base_url(bad).has_value()) << bad;
  }
  EXPECT_EQ(check_base_url("https://lapor.example/").value(), "https://lapor.example");
}

}  // namespace
}  // namespace anjungan::agent
