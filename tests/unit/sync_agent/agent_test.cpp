// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/agent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "sync/agent/rotation_orders.h"
#include "sync/store/control_socket.h"
#include "sync/wire/http.h"
#include "tests/unit/sync_agent/scripted_server.h"
#include "tests/unit/sync_agent/terminal.h"

namespace anjungan::agent {
namespace {

using test::http_answer;
using test::HttpRequest;
using test::ScriptedServer;
using test::Terminal;
using Reply = ScriptedServer::Reply;

// The toy centre behind real HTTP, refusing what PROTOCOL.md says it must.
std::string serve(test::ToyCentre& centre, const HttpRequest& request) {
  const std::string path = request.line.substr(5, request.line.rfind(' ') - 5);
  const record::Bytes body(request.body.begin(), request.body.end());
  if (request.header("Content-Type") != wire::k_content_type) return http_answer(415, "");
  if (!wire::check_content_digest(request.header("Content-Digest"), body)) return http_answer(400, "");
  const auto reply = centre.handle(path, body);
  return http_answer(reply.status, {reply.body.begin(), reply.body.end()});
}

std::unique_ptr<HttpClient> client_to(const std::string& url, const Stop* stop = nullptr) {
  HttpClient::Options options;
  options.stop = stop;
  return HttpClient::open(url, options).value();
}

TEST(OverHttp, DeliversThroughARealSocket) {
  Terminal terminal;
  terminal.kiosk->add(5);
  const ScriptedServer server([&](const HttpRequest& request) { return Reply{serve(terminal.centre, request)}; });
  const auto client = client_to(server.url());
  Uplink uplink = terminal.start(client.get());
  EXPECT_EQ(test::settle(uplink).next, Next::rest);
  EXPECT_EQ(terminal.centre.events(), terminal.events_on_disk());
}

TEST(Threat02, AnAnswerCutAtAnyByteLosesAndDoublesNothing) {
  Terminal terminal;
  terminal.kiosk->add(3);
  std::atomic<std::size_t> cut{0};
  std::atomic<std::size_t> whole{1};
  const ScriptedServer server([&](const HttpRequest& request) {
    const std::string answer = serve(terminal.centre, request);
    whole = answer.size();
    return Reply{answer.substr(0, cut)};
  });
  const auto client = client_to(server.url());
  Uplink uplink = terminal.start(client.get());
  for (cut = 0; cut < whole; ++cut) {
    ASSERT_EQ(uplink.exchange().next, Next::back_off) << "cut at " << cut;
    ASSERT_EQ(terminal.state_on_disk().acked_seq, 0U) << "cut at " << cut;
  }
  EXPECT_GT(whole.load(), 200U);
  EXPECT_EQ(test::settle(uplink).next, Next::rest);
  EXPECT_EQ(terminal.centre.events(), terminal.events_on_disk());
  EXPECT_EQ(terminal.state_on_disk().acked_seq, 3U);
}

TEST(Threat25, ACaptivePortalIsNoAcknowledgementAndRetryAfterIsHeeded) {
  Terminal terminal;
  terminal.kiosk->add(1);
  std::string answer = http_answer(200, "<html>log in</html>", "Content-Type: text/html\r\n");
  const ScriptedServer server([&](const HttpRequest&) { return Reply{answer}; });
  const auto client = client_to(server.url());
  Uplink uplink = terminal.start(client.get());
  const Exchange portal = uplink.exchange();
  EXPECT_EQ(portal.next, Next::back_off);
  EXPECT_THAT(portal.reason, testing::HasSubstr("captive portal"));
  answer = http_answer(503, "", "Retry-After: 42\r\n");
  const Exchange busy = uplink.exchange();
  EXPECT_EQ(busy.next, Next::back_off);
  EXPECT_EQ(busy.asked.count(), 42);
  EXPECT_EQ(terminal.state_on_disk().acked_seq, 0U);
}

// The agent in a thread, ended on destruction.
class Running {
 public:
  Running(Terminal& terminal, Uplink uplink, const Stop& stop, Agent::Options options)
      : m_stop(stop),
        m_agent(std::move(options), std::move(uplink),
                store::Doorbell::hang(store::sync_bell(terminal.folder.path("run"))).value(), std::nullopt, stop),
        m_thread([this] { m_end = m_agent.run(); }) {}
  ~Running() {
    m_stop.request();
    join();
  }
  void join() {
    if (m_thread.joinable()) m_thread.join();
  }
  [[nodiscard]] RunEnd end() const { return m_end; }

 private:
  const Stop& m_stop;
  Agent m_agent;
  RunEnd m_end = RunEnd::not_delivered;
  std::thread m_thread;
};

Agent::Options options_for(const Terminal& terminal) {
  Agent::Options options;
  options.runtime_folder = terminal.folder.path("run");
  options.base = std::chrono::seconds{1};
  options.cap = std::chrono::seconds{1};
  options.poll = std::chrono::seconds{3600};
  return options;
}

TEST(Agent, LooksAtTheStartAndAtEachRing) {
  Terminal terminal;
  terminal.kiosk->add(2);
  auto app_bell = store::Doorbell::hang(store::app_bell(terminal.folder.path("run"))).value();
  const Stop stop;
  const Running agent(terminal, terminal.start(), stop, options_for(terminal));
  ASSERT_TRUE(terminal.centre.wait_for_events(2));
  EXPECT_TRUE(app_bell.wait(20'000)) << "the app hears of the acknowledgement";
  terminal.kiosk->add(1);
  store::ring(store::sync_bell(terminal.folder.path("run")));
  EXPECT_TRUE(terminal.centre.wait_for_events(3));
}

TEST(Agent, AnswersAQuestionAtItsRing) {
  Terminal terminal;
  store::Question question;
  question.id = record::Uuid::make(terminal.clock.now_ms);
  question.code_hash.fill(0x11);
  question.reply_key = record::SealingKey::generate().public_key();
  question.asked_ms = terminal.clock.now_ms;
  auto app_bell = store::Doorbell::hang(store::app_bell(terminal.folder.path("run"))).value();
  const Stop stop;
  const Running agent(terminal, terminal.start(), stop, options_for(terminal));
  ASSERT_TRUE(terminal.centre.wait_for_sync_requests(1));
  terminal.kiosk->ask(question);
  store::ring(store::sync_bell(terminal.folder.path("run")));
  auto reader = store::SyncReader::open(terminal.folder.path("data")).value();
  while (!reader.answer_to(question.id).value()) ASSERT_TRUE(app_bell.wait(20'000));
  EXPECT_EQ(reader.answer_to(question.id).value()->finding, 2);
}

TEST(Agent, GoesOnWhenTheCentreComesBack) {
  Terminal terminal;
  terminal.kiosk->add(4);
  std::atomic<int> failures{0};
  terminal.direct.spoil = [&](HttpAnswer answer) -> record::Result<HttpAnswer> {
    if (failures++ < 3) return record::fail(record::ErrorKind::unavailable, "down");
    return answer;
  };
  Agent::Options options = options_for(terminal);
  const Stop stop;
  auto app_bell = store::Doorbell::hang(store::app_bell(terminal.folder.path("run"))).value();
  const Running agent(terminal, terminal.start(), stop, options);
  while (terminal.state_on_disk().acked_seq != 4) ASSERT_TRUE(app_bell.wait(20'000));
  EXPECT_GE(failures.load(), 4);
  EXPECT_EQ(terminal.centre.events(), terminal.events_on_disk());
}

TEST(Agent, EndsAtOnceInTheMiddleOfARequest) {
  Terminal terminal;
  terminal.kiosk->add(1);
  const Stop stop;
  const ScriptedServer server([&](const HttpRequest&) {
    stop.request();
    return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", true};
  });
  const auto client = client_to(server.url(), &stop);
  Running agent(terminal, terminal.start(client.get()), stop, options_for(terminal));
  agent.join();
  EXPECT_EQ(agent.end(), RunEnd::asked_to_stop);
  EXPECT_EQ(terminal.state_on_disk().acked_seq, 0U);
}

TEST(Agent, OnceTellsHowItWent) {
  Terminal terminal;
  terminal.kiosk->add(3);
  Agent::Options options = options_for(terminal);
  options.once = true;
  const Stop stop;
  const auto run = [&] { return Agent(options, terminal.start(), std::nullopt, std::nullopt, stop).run(); };
  terminal.direct.spoil = [](const HttpAnswer&) -> record::Result<HttpAnswer> {
    return record::fail(record::ErrorKind::unavailable, "down");
  };
  EXPECT_EQ(run(), RunEnd::not_delivered);
  EXPECT_EQ(terminal.state_on_disk().last_error, "down");
  terminal.direct.spoil = nullptr;
  EXPECT_EQ(run(), RunEnd::all_delivered);
  EXPECT_EQ(terminal.centre.events(), terminal.events_on_disk());
  terminal.centre.before_signing = [](wire::SyncAnswer& answer) { answer.acked_seq = 99; };
  EXPECT_EQ(run(), RunEnd::disagreement);
}

// A stick's answers must not wait for the end of a backlog of weeks.
TEST(Agent, AnOrderIsAnsweredBetweenTwoBatches) {
  Terminal terminal;
  terminal.kiosk->add(1);
  const Stop stop;
  std::atomic<bool> answered{false};
  std::atomic<bool> begun{false};
  // There is always more, until the order is answered or a minute is over.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  terminal.centre.before_signing = [&](wire::SyncAnswer& answer) {
    begun = true;
    answer.feed_more = !answered && std::chrono::steady_clock::now() < end;
    if (!answer.feed_more) stop.request();
  };
  const std::string path = store::sync_control(terminal.folder.path("run"));
  Agent agent(options_for(terminal), terminal.start(), std::nullopt, store::ControlSocket::listen(path).value(), stop);
  std::thread technician([&] {
    const auto answer = store::send_order(path, k_rotation_order, 90'000);
    answered = answer.has_value() && answer->find("none") != std::string::npos;
  });
  EXPECT_EQ(agent.run(), RunEnd::asked_to_stop);
  EXPECT_TRUE(answered);
  technician.join();
  EXPECT_TRUE(begun);
}

}  // namespace
}  // namespace anjungan::agent
