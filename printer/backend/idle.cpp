// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/idle.h"

#include <signal.h>
#include <stdio.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "printer/profile/profile.h"
#include "printer/status/status_file.h"

namespace anjungan::backend {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Idle::Ms k_look_ms = 400;
constexpr Idle::Ms k_soon_ms = 150;     // a job is there, or a look found nobody: once more
constexpr Idle::Ms k_mute_ms = 30'000;  // of a model that never says a word
// Shorter than this another host's receipt may be what keeps it silent.
constexpr Idle::Ms k_silence_ms = 2'000;
constexpr Idle::Ms k_renew_ms = 1'000;
constexpr int k_queues_s = 10;  // between two questions for CUPS's queues
constexpr std::size_t k_most_devices = 8;
constexpr std::size_t k_most_bytes = 64 * 1024;
// A scheduler that hangs answers nobody.
constexpr const char* k_lpstat = "LC_ALL=C exec timeout -s KILL 3 lpstat -v 2>/dev/null";

Idle::Ms now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
}

bool fault(const std::string& word) { return word == "media-empty" || word == "cover-open" || word == "error"; }

// One printer, however many queues lead to it; a thread of its own, for one that is off takes its time.
class Eye {
 public:
  Eye(std::string folder, const Address& address, std::vector<std::string> uris)
      : m_folder(std::move(folder)), m_uris(std::move(uris)), m_thread([this, address] { run(address); }) {}
  ~Eye() {
    {
      const std::lock_guard guard(m_mutex);
      m_ending = true;
    }
    m_end.notify_all();
    m_thread.join();
    for (const std::string& one : m_uris) status::remove(m_folder, one);
  }
  Eye(const Eye&) = delete;
  Eye& operator=(const Eye&) = delete;

  [[nodiscard]] const std::vector<std::string>& uris() const { return m_uris; }

 private:
  void run(const Address& address) {
    std::string ignored;
    const auto model = profile::load_profile(address.profile, ignored);
    const bool answers = model && model->status;
    Idle idle;
    std::optional<std::string> word;
    if (!answers) word = "unknown";
    Idle::Ms next = 0;
    for (;;) {
      if (answers && now_ms() >= next) {
        word = idle.saw(look_at(address), now_ms());
        next = now_ms() + idle.pause_ms();
      }
      tell(word);
      const Idle::Ms left = answers ? std::clamp<Idle::Ms>(next - now_ms(), 1, k_renew_ms) : k_renew_ms;
      std::unique_lock guard(m_mutex);
      if (m_end.wait_for(guard, std::chrono::milliseconds(left), [this] { return m_ending; })) return;
    }
  }

  void tell(const std::optional<std::string>& word) {
    if (!word) return;
    for (const std::string& uri : m_uris) {
      // What cannot be written grows old, and whoever reads it knows.
      if (status::write(m_folder, uri, *word) || m_complained) continue;
      m_complained = true;
      std::fprintf(stderr, "struk: %s cannot be written\n", status::path_of(m_folder, uri).c_str());
    }
  }

  std::string m_folder;
  std::vector<std::string> m_uris;
  bool m_complained = false;
  std::mutex m_mutex;
  std::condition_variable m_end;
  bool m_ending = false;
  std::thread m_thread;  // last: runs when all else is there
};

// All of it, or nothing: of half a list the other half would not be watched any more.
std::string output_of(const char* command) {
  std::string out;
  FILE* pipe = ::popen(command, "re");
  if (pipe == nullptr) return out;
  std::array<char, 4'096> part{};
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe)) {
    if (out.size() <= k_most_bytes) out.append(part.data(), got);
  }
  const bool whole = ::pclose(pipe) == 0 && out.size() <= k_most_bytes;
  return whole ? out : std::string();
}

// Eyes for just these devices; those that stay are left alone.
void look_after(std::map<std::string, std::unique_ptr<Eye>>& eyes, const std::string& folder,
                const std::vector<std::string>& uris) {
  std::map<std::string, std::vector<std::string>> by_device;
  for (const std::string& uri : uris) {
    const auto address = parse_uri(uri);
    if (!address) continue;
    auto& of = by_device[address->device()];
    if (std::find(of.begin(), of.end(), uri) == of.end()) of.push_back(uri);
  }
  std::erase_if(eyes, [&](const auto& one) {
    const auto found = by_device.find(one.first);
    return found == by_device.end() || found->second != one.second->uris();
  });
  static bool complained = false;
  for (auto& [device, of] : by_device) {
    if (eyes.count(device) != 0) continue;
    if (eyes.size() >= k_most_devices) {
      if (!std::exchange(complained, true))
        std::fprintf(stderr, "struk: more than %zu printers; %s is not watched\n", k_most_devices, device.c_str());
      continue;
    }
    eyes[device] = std::make_unique<Eye>(folder, *parse_uri(of.front()), of);
  }
}

}  // namespace

std::string Idle::missed(const Look& look, Ms now) {
  const bool first = !m_missed;
  if (first) m_missed = now;
  m_pause = k_soon_ms;
  if (look.reply == Reply::unreachable) {
    // One that has just closed a line may refuse the next for a moment.
    if (first && !m_word.empty() && m_word != "busy") return m_word;
    m_pause = k_look_ms;
    return "offline";
  }
  if (!m_spoke) {
    m_pause = k_mute_ms;
    return "unknown";
  }
  // Full to the brim and out of paper it cannot answer: then what it said last is still true.
  if (now - *m_missed >= k_silence_ms) m_pause = k_look_ms;
  const bool heard = !m_word.empty() && m_word != "busy";
  if (!heard && !look.fault.empty()) return look.fault;
  return fault(m_word) || (heard && now - *m_missed < k_silence_ms) ? m_word : "offline";
}

std::optional<std::string> Idle::saw(const Look& look, Ms now) {
  m_spoke = m_spoke || look.spoke || look.reply == Reply::answered;
  if (look.reply == Reply::busy) {
    m_missed.reset();
    m_word = "busy";
    m_pause = k_soon_ms;
  } else if (look.reply == Reply::answered) {
    m_missed.reset();
    m_word = word_of(look.status);
    m_pause = k_look_ms;
  } else {
    m_word = missed(look, now);
  }
  return m_word;
}

std::vector<std::string> uris_in(const std::string& lpstat) {
  constexpr std::string_view k_begin = "device for ";
  constexpr std::string_view k_struk = ": struk:";
  std::vector<std::string> out;
  std::string_view left = lpstat;
  while (!left.empty()) {
    const std::size_t end = left.find('\n');
    const std::string_view line = left.substr(0, end);
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    const std::size_t at = line.find(k_struk);
    if (!line.starts_with(k_begin) || at == std::string_view::npos) continue;
    std::string uri(line.substr(at + 2));
    if (parse_uri(uri)) out.push_back(std::move(uri));
  }
  return out;
}

int watch_idle(const std::string& folder, const std::vector<std::string>& uris) {
  sigset_t ends;
  sigemptyset(&ends);
  for (const int one : {SIGINT, SIGTERM}) sigaddset(&ends, one);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before the eyes' threads are made: they inherit this
  ::signal(SIGPIPE, SIG_IGN);
  std::map<std::string, std::unique_ptr<Eye>> eyes;
  const timespec patience{k_queues_s, 0};
  do {
    const std::vector<std::string> wanted = uris.empty() ? uris_in(output_of(k_lpstat)) : uris;
    // Nothing: CUPS is down, or it has no such queue yet.
    if (!wanted.empty()) look_after(eyes, folder, wanted);
  } while (::sigtimedwait(&ends, nullptr, &patience) < 0);
  return 0;
}

}  // namespace anjungan::backend
