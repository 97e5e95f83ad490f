// SPDX-License-Identifier: Apache-2.0
// The server's bounds, by raw sockets.
#include "sync/central/api/http_server.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/unit/sync_central/raw_client.h"

namespace anjungan::central {
namespace {

/// A door that handlers wait at.
class Door {
 public:
  void pass() {
    std::unique_lock guard(m_mutex);
    m_waiting++;
    m_changed.notify_all();
    m_changed.wait(guard, [this] { return m_open; });
  }
  void open() {
    const std::lock_guard guard(m_mutex);
    m_open = true;
    m_changed.notify_all();
  }
  void await(int waiting) {
    std::unique_lock guard(m_mutex);
    m_changed.wait(guard, [&] { return m_waiting >= waiting; });
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  int m_waiting = 0;
  bool m_open = false;
};

constexpr const char* k_sync = "POST /sync HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi";
constexpr const char* k_page = "GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

class Server : public testing::Test {
 protected:
  void start(HttpOptions options = {}) {
    auto server = HttpServer::start(
        options,
        [](std::string_view method, std::string_view) {
          return Route{method == "POST" ? 10U : 0U, method == "POST" ? Lane::terminals : Lane::people};
        },
        m_counters,
        [this](const HttpRequest& request) {
          if (request.path == "/sync") m_door.pass();
          HttpResponse out;
          out.body = "done";
          return out;
        },
        {});
    ASSERT_TRUE(server) << server.error().text;
    m_server = std::move(*server);
  }
  void TearDown() override {
    m_door.open();
    m_server.reset();
    EXPECT_EQ(m_counters.connections, 0U);
  }

  HttpCounters m_counters;
  Door m_door;
  std::unique_ptr<HttpServer> m_server;
};

TEST_F(Server, TerminalsBeyondTheLimitAreToldToComeBack) {
  HttpOptions options;
  options.max_terminal_requests = 2;
  ASSERT_NO_FATAL_FAILURE(start(options));
  const Client first(m_server->port());
  const Client second(m_server->port());
  first.send(k_sync);
  second.send(k_sync);
  m_door.await(2);
  const Client third(m_server->port());
  third.send(k_sync);
  const std::string refused = third.receive();
  EXPECT_NE(refused.find("503"), std::string::npos);
  EXPECT_NE(refused.find("Retry-After: "), std::string::npos);
  // A phone is answered meanwhile.
  const Client phone(m_server->port());
  phone.send(k_page);
  EXPECT_NE(phone.receive().find("200 OK"), std::string::npos);
  EXPECT_EQ(m_counters.refused, 1U);
  m_door.open();
  EXPECT_NE(first.receive(true).find("200 OK"), std::string::npos);
  EXPECT_NE(second.receive(true).find("200 OK"), std::string::npos);
}

TEST_F(Server, TerminalsThatWaitForTheDiskKeepNoPhoneWaiting) {
  HttpOptions options;
  options.terminal_threads = 2;
  ASSERT_NO_FATAL_FAILURE(start(options));
  std::vector<std::unique_ptr<Client>> terminals;
  for (int n = 0; n < 10; n++) {
    terminals.push_back(std::make_unique<Client>(m_server->port()));
    terminals.back()->send(k_sync);
  }
  m_door.await(2);
  const Client phone(m_server->port());
  phone.send(k_page);
  EXPECT_NE(phone.receive().find("200 OK"), std::string::npos);
}

TEST_F(Server, AConnectionTooManyIsToldSo) {
  HttpOptions options;
  options.max_connections = 1;
  ASSERT_NO_FATAL_FAILURE(start(options));
  const Client first(m_server->port());
  first.send(k_sync);
  m_door.await(1);
  const Client second(m_server->port());
  second.send(k_page);
  EXPECT_NE(second.receive().find("Retry-After: "), std::string::npos);
}

TEST_F(Server, WhatWasBegunIsAnsweredWhenItEnds) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Client client(m_server->port());
  client.send(k_sync);
  m_door.await(1);
  std::thread ending([this] { m_server.reset(); });
  m_door.open();
  EXPECT_NE(client.receive().find("done"), std::string::npos);
  ending.join();
}

TEST_F(Server, ARefusedBodyIsHeardOutSoThatTheAnswerArrives) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Client client(m_server->port());
  client.send("POST /sync HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + std::string(300'000, 'a'));
  EXPECT_NE(client.receive().find("413"), std::string::npos);
}

}  // namespace
}  // namespace anjungan::central
