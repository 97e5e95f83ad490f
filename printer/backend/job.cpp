// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/job.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "printer/backend/journal.h"

namespace anjungan::backend {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int k_connect_ms = 1'500;
constexpr int k_answer_ms = 400;       // of a status question
constexpr int k_again_ms = 250;        // between two looks while waiting
constexpr int k_silence_ms = 1'200;    // then it counts as off
constexpr int k_reconnect_ms = 5'000;  // a line that stays silent is opened anew
constexpr int k_stalled_ms = 15'000;   // taken nothing and said nothing, with half a receipt out
constexpr int k_process_ms = 3'000;    // then the other kind of confirmation is asked for
constexpr int k_confirm_ms = 8'000;    // then it is only sent
constexpr int k_end_ms = 3'000;        // to finish a receipt after being asked to end
constexpr std::size_t k_write_bytes = 512;
constexpr std::size_t k_flush_bytes = 8'192;  // more than a picture band can still want
constexpr int k_ask_every_ms = 250;

int ms_since(Clock::time_point start) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count());
}

std::string new_id() {
  std::random_device random;
  std::string out;
  for (int i = 0; i < 4; i++) out.push_back(static_cast<char>('A' + random() % 26));
  return out;
}

class Printing {
 public:
  Printing(const Work& work, Journal journal)
      : m_work(work), m_journal(std::move(journal)), m_record(m_journal.read()) {}

  Exit run() {
    if (const auto waited = wait_for_lock()) return *waited;
    m_record = m_journal.read();
    if (m_record.job == m_work.job) {
      // CUPS runs it again after a crash.
      if (m_record.state == "sending") return open_end("an earlier run was cut off");
      return end(m_record.state == "printed");
    }
    m_flush = m_record.state == "sending";
    if (const auto waited = wait_until_ready()) return *waited;
    m_record.job = m_work.job;
    m_record.state = "sending";
    if (!m_journal.write(m_record)) {
      say_error("the journal cannot be written: the disk of CUPS's cache is full or read-only");
      pause(k_reconnect_ms);
      return Exit::failed;
    }
    return send();
  }

 private:
  // A run that an earlier scheduler left behind may still have the device.
  std::optional<Exit> wait_for_lock() {
    while (!m_journal.lock()) {
      if (asked_to_end() || orphaned()) return Exit::failed;
      pause(50);
    }
    return std::nullopt;
  }

  void pause(int ms) { static_cast<void>(Channel().wait(false, ms)); }

  // Whole or not at all, unless the line breaks: waits so long for the first byte, and as long as it takes for the
  // rest.
  bool put(const std::uint8_t* bytes, std::size_t size, int patience_ms = k_answer_ms) {
    std::size_t done = 0;
    const auto start = Clock::now();
    while (done < size && m_channel.is_open() && ms_since(start) <= (done == 0 ? patience_ms : k_stalled_ms)) {
      const std::size_t wrote = m_channel.write(bytes + done, size - done);
      done += wrote;
      if (wrote == 0 && patience_ms > 0) m_channel.wait(true, 20);
      if (wrote == 0 && patience_ms == 0 && done == 0) break;
    }
    return done == size;
  }

  void ask(Question question, int patience_ms = k_answer_ms) {
    const std::uint8_t bytes[] = {0x10, 0x04, static_cast<std::uint8_t>(question)};
    m_answers.expect(question);
    if (!put(bytes, sizeof bytes, patience_ms)) m_answers.expect(Question::none);
    m_asked = Clock::now();
  }

  // One question and its answer.
  bool answered(Question question) {
    const int before = m_answers.statuses();
    ask(question);
    const auto start = Clock::now();
    while (m_channel.is_open() && m_answers.statuses() == before && ms_since(start) < k_answer_ms && !asked_to_end()) {
      m_channel.wait(false, k_answer_ms - ms_since(start));
      m_answers.feed(m_channel.read());
    }
    return m_answers.statuses() != before;
  }

  std::optional<Exit> wait_until_ready() {
    auto heard = Clock::now();
    auto opened = Clock::now();
    std::string said;
    while (!asked_to_end() && !orphaned()) {
      if (!m_channel.is_open()) {
        std::string error;
        m_answers = {};
        m_seen = 0;
        m_channel = Channel::open(m_work.address, k_connect_ms, error);
        if (!m_channel.is_open()) {
          m_reasons.offline(true);
          if (error != said) say_info("the printer cannot be reached: " + error);
          said = error;
          pause(k_again_ms * 2);
          continue;
        }
        opened = Clock::now();
        heard = opened;
      }
      if (!m_work.profile.status) return std::nullopt;
      if (answered(Question::offline_cause) && answered(Question::paper)) {
        heard = Clock::now();
        m_record.speaks = true;
        m_reasons.show(m_answers.status());
        if (!m_answers.status().fault()) return std::nullopt;
        pause(k_again_ms);
        continue;
      }
      if (ms_since(heard) > k_silence_ms) m_reasons.offline(true);
      if (ms_since(opened) < k_reconnect_ms) continue;
      if (!m_record.speaks && m_channel.is_open()) {
        // It has never said a word: a model that does not. What is sent to it is never confirmed.
        m_reasons.offline(false);
        m_mute = true;
        return std::nullopt;
      }
      m_channel.close();
    }
    return Exit::failed;
  }

  // What an interrupted receipt has left in the printer is filled up and cut off.
  Bytes to_send() const {
    Bytes out;
    if (m_flush) {
      out.assign(k_flush_bytes, 0);
      for (const int byte : {0x1b, int{'@'}, 0x1d, int{'V'}, 66, 0}) out.push_back(static_cast<std::uint8_t>(byte));
    }
    if (!m_mute && m_work.profile.status) {
      for (const int byte : {0x1d, int{'a'}, 0x0e}) out.push_back(static_cast<std::uint8_t>(byte));
    }
    out.insert(out.end(), m_work.bytes.begin(), m_work.bytes.end());
    return out;
  }

  Exit send() {
    const Bytes bytes = to_send();
    const std::vector<std::size_t> safe = boundaries(bytes);
    std::size_t done = 0;
    auto moved = Clock::now();
    std::size_t told = 0;
    m_faults_before = m_answers.faults();
    while (done < bytes.size()) {
      if (const auto ended = look()) return *ended;
      // A question only where a command begins.
      const std::size_t next = *std::upper_bound(safe.begin(), safe.end(), done);
      const bool at_start = std::binary_search(safe.begin(), safe.end(), done);
      if (at_start && !m_answers.waiting() && ms_since(m_asked) > k_ask_every_ms) ask_next();
      const std::size_t wrote = m_channel.write(bytes.data() + done, std::min(k_write_bytes, next - done));
      done += wrote;
      if (wrote > 0) moved = Clock::now();
      if (done * 4 / bytes.size() != told) {
        told = done * 4 / bytes.size();
        say_progress(static_cast<int>(told) * 25);
      }
      if (wrote == 0) {
        m_channel.wait(true, 50);
        if (ms_since(moved) > k_silence_ms) m_reasons.offline(true);
        if (ms_since(moved) > k_stalled_ms) return open_end("the printer takes nothing any more");
      }
      m_answers.feed(m_channel.read());
    }
    return confirm();
  }

  void ask_next() {
    if (m_mute || !m_work.profile.status) return;
    m_last = m_last == Question::paper ? Question::offline_cause : Question::paper;
    ask(m_last, 0);
  }

  // Whether something ends the job now. A fault that has passed counts too: the receipt is in two pieces. On a line
  // that carries rubbish it must be told twice.
  std::optional<Exit> look() {
    if (!m_channel.is_open()) return open_end("the line broke");
    if (asked_to_end()) {
      if (!m_ending) m_ending = Clock::now();
      if (ms_since(*m_ending) > k_end_ms) return Exit::failed;
    }
    if (m_answers.statuses() != m_seen) {
      m_seen = m_answers.statuses();
      m_heard = Clock::now();
    }
    const int faults = m_answers.faults() - m_faults_before;
    if (faults == 1) m_asked = Clock::time_point();  // asked again at once
    if (faults > (m_answers.strays() == 0 ? 0 : 1)) {
      m_reasons.show(m_answers.status());
      return open_end("the printer stopped in the middle");
    }
    return std::nullopt;
  }

  bool put_all(std::initializer_list<int> values) {
    Bytes bytes;
    for (const int value : values) bytes.push_back(static_cast<std::uint8_t>(value));
    return put(bytes.data(), bytes.size());
  }

  void ask_process(const std::string& id) { put_all({0x1d, '(', 'H', 6, 0, 0x30, 0x30, id[0], id[1], id[2], id[3]}); }

  Exit confirm() {
    const Confirm how = m_work.profile.confirm;
    if (how == Confirm::none || m_mute || !m_work.profile.status) return settle("sent");
    const std::string id = new_id();
    bool order_asked = how == Confirm::order;
    int orders = m_answers.orders();
    if (order_asked) {
      put_all({0x1d, 'r', 1});
    } else {
      ask_process(id);
    }
    const auto start = Clock::now();
    auto process_asked = start;
    m_heard = start;
    for (;;) {
      m_channel.wait(false, 20);
      m_answers.feed(m_channel.read());
      if (const auto ended = look()) return *ended;
      if (m_answers.process() == id) return settle("printed");
      // One byte alone is weak: it counts only on a line that never carried rubbish.
      if (order_asked && m_answers.orders() > orders && m_answers.strays() == 0) return settle("printed");
      if (ms_since(m_heard) > k_silence_ms) m_reasons.offline(true);
      if (ms_since(m_heard) > k_stalled_ms) return open_end("the printer says nothing any more");
      const bool answers_status = ms_since(m_heard) < k_silence_ms;
      if (how == Confirm::automatic && !order_asked && answers_status && ms_since(start) > k_process_ms) {
        orders = m_answers.orders();
        order_asked = true;
        put_all({0x1d, 'r', 1});
      }
      // An answer can be lost on its way; the question may be asked again.
      if (how != Confirm::order && answers_status && ms_since(process_asked) > k_process_ms) {
        process_asked = Clock::now();
        ask_process(id);
      }
      if (answers_status && ms_since(start) > k_confirm_ms) return settle("sent");
      if (m_answers.waiting() && ms_since(m_asked) > k_answer_ms) m_answers.expect(Question::none);
      if (!m_answers.waiting() && ms_since(m_asked) > k_ask_every_ms) ask_next();
    }
  }

  Exit settle(const std::string& state) {
    m_record.state = state;
    // Without it a crash now would make the outcome open, not wrong.
    static_cast<void>(m_journal.write(m_record));
    if (!m_mute && m_work.profile.status) {
      put_all({0x1d, 'a', 0});
      m_reasons.show(m_answers.status());
    }
    return end(state == "printed");
  }

  Exit end(bool printed) {
    say_settled(printed);
    if (!printed) say_info("sent; this printer does not say whether the paper came out");
    return Exit::ok;
  }

  Exit open_end(const char* why) {
    say_error(std::string("nobody knows whether it is on paper: ") + why);
    if (!m_channel.is_open()) m_reasons.offline(true);
    return Exit::canceled;
  }

  const Work& m_work;
  Journal m_journal;
  Record m_record;
  Reasons m_reasons;
  Channel m_channel;
  Answers m_answers;
  bool m_flush = false;
  bool m_mute = false;
  Question m_last = Question::none;
  Clock::time_point m_asked;
  Clock::time_point m_heard;
  std::optional<Clock::time_point> m_ending;
  int m_seen = 0;
  int m_faults_before = 0;
};

}  // namespace

Exit print(const Work& work) {
  std::string error;
  Journal journal = Journal::open(work.address.device(), error);
  if (!journal.is_open()) {
    say_error(error);
    Channel().wait(false, k_reconnect_ms);  // CUPS starts it again at once
    return Exit::failed;
  }
  return Printing(work, std::move(journal)).run();
}

std::string probe(const Address& address) {
  std::string error;
  const Journal journal = Journal::open(address.device(), error);
  if (journal.is_open() && !journal.lock()) return "busy";
  Channel channel = Channel::open(address, k_connect_ms, error);
  if (!channel.is_open()) return "offline";
  Answers answers;
  for (const Question question : {Question::offline_cause, Question::paper}) {
    const std::uint8_t bytes[] = {0x10, 0x04, static_cast<std::uint8_t>(question)};
    const int before = answers.statuses();
    answers.expect(question);
    const auto start = Clock::now();
    if (channel.write(bytes, sizeof bytes) != sizeof bytes) return "offline";
    while (channel.is_open() && answers.statuses() == before && ms_since(start) < k_answer_ms) {
      channel.wait(false, k_answer_ms - ms_since(start));
      answers.feed(channel.read());
    }
    if (answers.statuses() == before) return journal.is_open() && journal.read().speaks ? "offline" : "unknown";
  }
  const Status& status = answers.status();
  return status.cover_open  ? "cover-open"
         : status.paper_end ? "media-empty"
         : status.error     ? "error"
         : status.near_end  ? "low-paper"
                            : "ready";
}

}  // namespace anjungan::backend
