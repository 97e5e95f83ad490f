// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/probe.h"

#include <chrono>

#include "printer/backend/journal.h"

namespace anjungan::backend {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int k_connect_ms = 600;
constexpr int k_answer_ms = 400;
constexpr int k_busy_ms = 1'500;  // longer than look_at() holds the device
constexpr int k_again_ms = 50;

int ms_since(Clock::time_point start) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count());
}

// "media-empty" of "media-empty-error"; what was off then need not be now.
std::string fault_word(const std::string& keyword) {
  for (const char* one : {"media-empty", "cover-open"}) {
    if (keyword == std::string(one) + "-error") return one;
  }
  return {};
}

bool answered(Channel& channel, Answers& answers, Question question) {
  const std::uint8_t bytes[] = {0x10, 0x04, static_cast<std::uint8_t>(question)};
  const int before = answers.statuses();
  answers.expect(question);
  if (channel.write(bytes, sizeof bytes) != sizeof bytes) return false;
  const auto start = Clock::now();
  while (channel.is_open() && answers.statuses() == before && ms_since(start) < k_answer_ms) {
    channel.wait(false, k_answer_ms - ms_since(start));
    answers.feed(channel.read());
  }
  return answers.statuses() != before;
}

}  // namespace

Look look_at(const Address& address) {
  Look out;
  std::string ignored;
  const Journal journal = Journal::open(address.device(), ignored);
  if (journal.is_open()) {
    if (!journal.lock()) return {Reply::busy, {}, false, {}};
    const Record record = journal.read();
    out.spoke = record.speaks;
    out.fault = fault_word(record.fault);
  }
  Channel channel = Channel::open(address, k_connect_ms, ignored);
  if (channel.taken()) return {Reply::busy, {}, out.spoke, out.fault};
  if (!channel.is_open()) return out;
  Answers answers;
  for (const Question question : {Question::offline_cause, Question::paper}) {
    if (answered(channel, answers, question)) continue;
    out.reply = channel.is_open() ? Reply::silent : Reply::unreachable;
    return out;
  }
  out.reply = Reply::answered;
  out.status = answers.status();
  return out;
}

std::string word_of(const Status& status) {
  return status.cover_open  ? "cover-open"
         : status.paper_end ? "media-empty"
         : status.error     ? "error"
         : status.near_end  ? "low-paper"
                            : "ready";
}

std::string probe(const Address& address) {
  const auto start = Clock::now();
  for (;;) {
    const Look look = look_at(address);
    if (look.reply == Reply::answered) return word_of(look.status);
    if (look.reply == Reply::unreachable) return "offline";
    if (look.reply == Reply::silent) return look.spoke ? "offline" : "unknown";
    if (ms_since(start) > k_busy_ms) return "busy";
    static_cast<void>(Channel().wait(false, k_again_ms));
  }
}

}  // namespace anjungan::backend
