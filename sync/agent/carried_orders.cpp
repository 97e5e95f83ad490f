// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/carried_orders.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "sync/wire/carried.h"

namespace anjungan::agent {

using nlohmann::json;
using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

// From its beginning, wherever whoever opened it has read to.
Result<record::Bytes> read_whole(int file) {
  struct stat found{};
  // Anything else could keep a reader waiting.
  if (file < 0 || ::fstat(file, &found) != 0 || !S_ISREG(found.st_mode))
    return fail(ErrorKind::invalid, "no file came");
  record::Bytes out(wire::k_max_carried_answer_bytes + 1);
  std::size_t size = 0;
  while (size < out.size()) {
    const ssize_t got = ::pread(file, out.data() + size, out.size() - size, static_cast<off_t>(size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::io, std::string("cannot be read: ") + std::strerror(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size == out.size()) return fail(ErrorKind::invalid, "too large for an answer of the centre");
  out.resize(size);
  return out;
}

std::string_view outcome_name(Uplink::CarriedNews::Outcome outcome) {
  switch (outcome) {
    case Uplink::CarriedNews::Outcome::taken:
      return "taken";
    case Uplink::CarriedNews::Outcome::known:
      return "known";
    case Uplink::CarriedNews::Outcome::overtaken:
      return "overtaken";
  }
  return "";
}

std::string refusal(const record::Error& error) {
  return json{{"error", {{"kind", record::kind_name(error.kind)}, {"text", error.text}}}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string answer_carried_order(Uplink& uplink, std::string_view order, int file) {
  if (order != k_import_order) return refusal({ErrorKind::invalid, "order: unknown"});
  const auto bytes = read_whole(file);
  if (!bytes) return refusal(bytes.error());
  const auto news = uplink.take_carried(*bytes);
  if (!news) return refusal(news.error());
  return json{{"outcome", outcome_name(news->outcome)},
              {"standing", wire::standing_name(news->standing)},
              {"acked_seq", news->acked_seq},
              {"waiting", uplink.waiting()},
              {"news", news->news}}
      .dump();
}

}  // namespace anjungan::agent
