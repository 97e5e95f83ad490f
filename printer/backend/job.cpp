// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/job.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>

#include "printer/backend/journal.h"
#include "printer/backend/watch.h"

namespace anjungan::backend {
namespace {

using Clock = std::chrono::steady_clock;
using profile::Confirm;

constexpr int k_connect_ms = 1'500;
constexpr int k_answer_ms = 400;  // of a status question
constexpr int k_again_ms = 250;   // between two looks while waiting
constexpr int k_soon_ms = 100;
constexpr int k_lock_ms = 10;          // between two tries for a device that somebody only looks at
constexpr int k_lock_later_ms = 50;    // once it is clear that a job has it
constexpr int k_looked_ms = 2'000;     // longer than anybody only looks
constexpr int k_silence_ms = 1'200;    // then it counts as off
constexpr int k_reconnect_ms = 5'000;  // a line that stays silent is opened anew
constexpr int k_stalled_ms = 15'000;   // for the rest of a command that was begun
constexpr int k_line_bytes = 4'608;    // what the system keeps of a slow line's output
constexpr int k_process_ms = 3'000;    // then the other kind of confirmation is asked for
constexpr int k_confirm_ms = 8'000;    // then it is only sent
constexpr int k_end_ms = 3'000;        // to finish a receipt after being asked to end
constexpr std::size_t k_write_bytes = 512;
constexpr std::size_t k_flush_bytes = 8'192;  // more than a picture band can still want
constexpr int k_ask_every_ms = 250;

int ms_since(Clock::time_point start) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count());
}

Watch::Ms now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
}

// A question waits behind what the system keeps for a serial line.
Watch::Ms slack_ms(const Address& address) {
  return address.line == Line::tty ? k_line_bytes * 10LL * 1'000 / address.baud : 0;
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
    if (!m_record.fault.empty()) m_reasons.keep(m_record.fault);
    if (m_record.job == m_work.job) {
      // CUPS runs it again after a crash.
      if (m_record.state == "sending") return open_end("an earlier run was cut off");
      return end(m_record.state == "printed");
    }
    m_flush = m_record.state == "sending";
    if (const auto waited = wait_until_ready()) return *waited;
    m_record.job = m_work.job;
    m_record.state = "sending";
    m_record.fault.clear();
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
    const auto start = Clock::now();
    while (!m_journal.lock()) {
      if (asked_to_end() || orphaned()) return Exit::failed;
      pause(ms_since(start) < k_looked_ms ? k_lock_ms : k_lock_later_ms);
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
    int refused = 0;
    while (!asked_to_end() && !orphaned()) {
      if (!m_channel.is_open()) {
        std::string error;
        m_answers = {};
        m_channel = Channel::open(m_work.address, k_connect_ms, error);
        if (m_channel.taken()) {
          // Of another scheduler, or somebody who looks: the printer is there.
          if (said != "taken") say_info("another process of this machine has the printer");
          said = "taken";
          pause(k_soon_ms);
          continue;
        }
        if (!m_channel.is_open()) {
          // One that has just closed another line may refuse the next for a moment.
          if (refused++ == 0) {
            pause(k_soon_ms);
            continue;
          }
          m_reasons.offline(true);
          if (error != said) say_info("the printer cannot be reached: " + error);
          said = error;
          pause(k_again_ms * 2);
          continue;
        }
        refused = 0;
        opened = Clock::now();
        heard = opened;
      }
      if (!m_work.profile.status) {
        m_reasons.offline(false);
        return std::nullopt;
      }
      if (answered(Question::offline_cause) && answered(Question::paper)) {
        heard = Clock::now();
        m_record.speaks = true;
        m_reasons.show(m_answers.status());
        if (!m_answers.status().fault()) return std::nullopt;
        pause(k_again_ms);
        continue;
      }
      // Full to the brim and out of paper it cannot answer: then what it said last is still true.
      if (ms_since(heard) > k_silence_ms && m_reasons.fault().empty()) m_reasons.offline(true);
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

  [[nodiscard]] bool questions() const { return !m_mute && m_work.profile.status; }

  // Whatever was begun, by us or by another host, is filled up; what we have left ourselves is cut off, or fed out to
  // be torn off. Nothing on a serial line, which is ours alone, unless we know of it: there it would take seconds.
  Bytes to_send() const {
    Bytes out;
    if (m_flush || m_work.address.line != Line::tty) out.assign(k_flush_bytes, 0);
    if (m_flush && m_work.profile.cutter) put_in(out, {0x1b, '@', 0x1d, 'V', 66, 0});
    if (m_flush && !m_work.profile.cutter)
      put_in(out, {0x1b, '@', 0x1b, 'J', m_work.profile.feed * m_work.profile.steps});
    // ESC @ takes GS a back: it belongs behind the receipt's own.
    const auto initialise = std::array<std::uint8_t, 2>{0x1b, '@'};
    const bool begins =
        m_work.bytes.size() >= 2 && std::equal(initialise.begin(), initialise.end(), m_work.bytes.begin());
    if (questions()) {
      if (begins) put_in(out, {0x1b, '@'});
      put_in(out, {0x1d, 'a', 0x0e});
    }
    out.insert(out.end(), m_work.bytes.begin() + (begins && questions() ? 2 : 0), m_work.bytes.end());
    return out;
  }

  static void put_in(Bytes& out, std::initializer_list<int> bytes) {
    for (const int byte : bytes) out.push_back(static_cast<std::uint8_t>(byte));
  }

  Exit send() {
    const Bytes bytes = to_send();
    const std::vector<std::size_t> safe = boundaries(bytes);
    std::size_t done = 0;
    std::size_t told = 0;
    m_watch.emplace(slack_ms(m_work.address), m_answers, now_ms());
    m_answers.expect_automatic();
    say_progress(1);  // from here on some of it may be on paper
    while (done < bytes.size()) {
      if (const auto ended = look()) return *ended;
      // A question only where a command begins.
      if (std::binary_search(safe.begin(), safe.end(), done)) ask_when_due();
      const std::size_t wrote = m_channel.write(bytes.data() + done, part_from(done, safe) - done);
      done += wrote;
      if (wrote > 0) m_watch->moved(now_ms());
      if (done * 4 / bytes.size() != told) {
        told = done * 4 / bytes.size();
        say_progress(static_cast<int>(told) * 25);
      }
      if (wrote == 0) m_channel.wait(true, 50);
      m_answers.feed(m_channel.read());
    }
    return confirm();
  }

  // The end of the next write: where a command ends, if one does within its size.
  static std::size_t part_from(std::size_t done, const std::vector<std::size_t>& safe) {
    const std::size_t most = std::min(done + k_write_bytes, safe.back());
    const std::size_t last = *(std::upper_bound(safe.begin(), safe.end(), most) - 1);
    return last > done ? last : most;
  }

  // One at a time. An answer can be lost on its way: then the question is asked again.
  void ask_when_due() {
    if (!questions()) return;
    if (m_answers.waiting() && ms_since(m_asked) > k_answer_ms + slack_ms(m_work.address)) {
      m_answers.expect(Question::none);
    }
    if (m_answers.waiting()) return;
    if (m_watch->in_doubt()) return ask(m_last, 0);
    if (ms_since(m_asked) < k_ask_every_ms) return;
    m_last = m_last == Question::paper ? Question::offline_cause : Question::paper;
    ask(m_last, 0);
  }

  // Whether something ends the job now.
  std::optional<Exit> look() {
    if (!m_channel.is_open()) return open_end("the line broke");
    if (asked_to_end()) {
      if (!m_ending) m_ending = Clock::now();
      if (ms_since(*m_ending) > k_end_ms) return Exit::failed;
    }
    if (!questions()) {
      if (m_watch->silent_ms(now_ms()) > k_stalled_ms) return open_end("the printer takes nothing any more");
      return std::nullopt;
    }
    if (const auto why = m_watch->broken(m_answers, now_ms())) {
      if (m_answers.status().fault()) {
        m_reasons.show(m_answers.status());
      } else if (m_watch->silent_ms(now_ms()) > k_answer_ms) {
        m_reasons.offline(true);
      }
      return open_end(*why);
    }
    if (m_watch->silent_ms(now_ms()) > k_silence_ms) m_reasons.offline(true);
    return std::nullopt;
  }

  bool put_all(std::initializer_list<int> values) {
    Bytes bytes;
    for (const int value : values) bytes.push_back(static_cast<std::uint8_t>(value));
    return put(bytes.data(), bytes.size());
  }

  void ask_process(const std::string& id) { put_all({0x1d, '(', 'H', 6, 0, 0x30, 0x30, id[0], id[1], id[2], id[3]}); }

  void ask_order() {
    m_answers.expect_order();
    put_all({0x1d, 'r', 1});
  }

  Exit confirm() {
    const Confirm how = m_work.profile.confirm;
    if (how == Confirm::none || !questions()) return settle("sent");
    const std::string id = new_id();
    const int orders = m_answers.orders();
    bool order_asked = how == Confirm::order;
    if (order_asked) {
      ask_order();
    } else {
      ask_process(id);
    }
    const auto start = Clock::now();
    auto process_asked = start;
    for (;;) {
      m_channel.wait(false, 20);
      m_answers.feed(m_channel.read());
      if (const auto ended = look()) return *ended;
      if (m_answers.process() == id) return settle("printed", Confirm::process);
      // One byte alone is weak: it counts only on a line that never carried rubbish.
      if (order_asked && m_answers.orders() > orders && m_answers.strays() == 0)
        return settle("printed", Confirm::order);
      const bool answers_status = m_watch->mute_ms(now_ms()) < k_silence_ms;
      if (how == Confirm::automatic && !order_asked && answers_status && ms_since(start) > k_process_ms) {
        order_asked = true;
        ask_order();
      }
      // An answer can be lost on its way; the question may be asked again.
      if (how != Confirm::order && answers_status && ms_since(process_asked) > k_process_ms) {
        process_asked = Clock::now();
        ask_process(id);
      }
      if (answers_status && ms_since(start) > k_confirm_ms) {
        if (m_record.confirms) return open_end("the printer has confirmed others, and not this one");
        return settle("sent");
      }
      ask_when_due();
    }
  }

  Exit settle(const std::string& state, Confirm by = Confirm::none) {
    m_record.state = state;
    m_record.confirms = m_record.confirms || by == Confirm::process;
    // Without it a crash now would make the outcome open, not wrong.
    static_cast<void>(m_journal.write(m_record));
    if (questions()) {
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
    if (m_watch && !m_channel.is_open()) m_reasons.offline(true);
    m_record.fault = m_reasons.fault();
    static_cast<void>(m_journal.write(m_record));
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
  std::optional<Clock::time_point> m_ending;
  std::optional<Watch> m_watch;
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

}  // namespace anjungan::backend
