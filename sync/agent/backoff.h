// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace anjungan::agent {

// How long to wait after a failed exchange: "full jitter", a wait drawn evenly from [0, min(cap, base * 2^failures)],
// so that a thousand terminals cut off at the same moment do not come back at the same moment.
// (M. Brooker, "Exponential Backoff and Jitter": of the usual schemes it costs the server the least work.)
// A wait the server asked for (Retry-After) is a floor: the jitter is added on top of it, for the same reason.
// Not thread-safe; one per lane of requests.
class Backoff {
 public:
  using Milliseconds = std::chrono::milliseconds;
  // Returns a number drawn evenly from [0, bound).
  using Draw = std::function<std::uint64_t(std::uint64_t bound)>;

  // `base` and `cap` are at least 1 ms, cap >= base. The draw defaults to the system's random source.
  Backoff(Milliseconds base, Milliseconds cap, Draw draw = {});

  // Counts one failure more and says how long to wait before the next try. `asked` is what Retry-After said, or zero;
  // more than the cap is cut to it, so that nobody on the path can silence a terminal for a year.
  [[nodiscard]] Milliseconds after_failure(Milliseconds asked = Milliseconds{0});
  // An exchange succeeded: the next failure starts from `base` again.
  void after_success() { m_failures = 0; }

  [[nodiscard]] unsigned failures() const { return m_failures; }

 private:
  Milliseconds m_base;
  Milliseconds m_cap;
  Draw m_draw;
  unsigned m_failures = 0;
};

}  // namespace anjungan::agent
