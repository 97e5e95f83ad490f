// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/printer_orders.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "printer/spool/cups_printer.h"
#include "sync/ctl/agent_or_self.h"
#include "sync/ctl/own_store.h"
#include "sync/ctl/table.h"
#include "sync/slip/printer_orders.h"
#include "sync/slip/terminal_printer.h"
#include "sync/store/control_socket.h"

namespace anjungan::ctl {
namespace {

using nlohmann::json;
using record::Result;

constexpr int k_answer_ms = 10'000;
constexpr auto k_test_patience = std::chrono::seconds(40);
constexpr auto k_resume_patience = std::chrono::seconds(5);
constexpr auto k_look_every = std::chrono::milliseconds(250);

// The store without a kiosk: opened once, held until the end.
struct OwnDesk {
  std::unique_ptr<store::IntakeStore> store;
  std::mutex mutex;
  std::optional<slip::PrinterDesk> desk;
};

class Printers {
 public:
  explicit Printers(const settings::Terminal& terminal) : m_terminal(terminal) {}

  Result<json> ask(const json& order) {
    const auto text = say(order.dump());
    if (!text) return tl::unexpected(text.error());
    return read_answer(*text, "kiosk");
  }
  [[nodiscard]] bool kiosk_runs() const { return m_own == nullptr; }

 private:
  Result<std::string> say(const std::string& order) {
    if (m_own == nullptr) {
      auto answer = store::send_order(store::app_control(m_terminal.runtime), order, k_answer_ms);
      if (answer || answer.error().kind != record::ErrorKind::not_found) return answer;
      if (auto opened = open(); !opened) return tl::unexpected(opened.error());
    }
    return slip::answer_order(*m_own->desk, order);
  }

  Result<void> open() {
    const auto identity = store::load_identity(m_terminal.data);
    if (!identity) return tl::unexpected(identity.error());
    auto store = own_store(m_terminal, *identity);
    if (!store) {
      const bool held = store.error().kind == record::ErrorKind::conflict;
      return record::fail(store.error().kind, store.error().text + (held ? "; try again: it may be starting" : ""));
    }
    auto stations = slip::stations_of(m_terminal);
    if (!stations) return tl::unexpected(stations.error());
    m_own = std::make_unique<OwnDesk>();
    m_own->store = *std::move(store);
    m_own->desk.emplace(
        *m_own->store, m_own->mutex, slip::hall_of(m_terminal, *identity),
        [](const record::TrackingNumber&) { return std::int64_t{0}; }, *std::move(stations));
    return {};
  }

  const settings::Terminal& m_terminal;
  std::unique_ptr<OwnDesk> m_own;
};

std::string moment(std::int64_t unix_ms, record::Zone zone) {
  if (unix_ms == 0) return {};
  std::string text = record::rfc3339(unix_ms + record::utc_offset_min(zone) * std::int64_t{60'000}).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string text_of(const json& object, const char* name) { return object.value(name, std::string()); }

std::string paper_of(const json& printer) {
  const auto used = printer.value("used_mm", std::int64_t{0});
  const auto roll = printer.value("roll_mm", std::int64_t{0});
  if (printer.value("paper_changed_ms", std::int64_t{0}) == 0) return {};
  if (roll == 0) return fmt::format("{:.1f} m used", static_cast<double>(used) / 1000);
  return fmt::format("{:.1f} of {:.0f} m used", static_cast<double>(used) / 1000, static_cast<double>(roll) / 1000);
}

void print_printers(const json& answer, record::Zone zone) {
  Table table({"PRINTER", "STATE", "SINCE", "WAITING", "FOR STAFF", "OLDEST", "PAPER", "DEVICE", "DETAIL"});
  for (const json& one : answer.at("printers")) {
    const json& oldest = one.at("oldest");
    table.add({text_of(one, "name"), text_of(one, "state"), moment(one.value("since_ms", std::int64_t{0}), zone),
               std::to_string(one.value("waiting", 0)), std::to_string(one.value("for_staff", 0)),
               oldest.is_object()
                   ? text_of(oldest, "number") + " " + moment(oldest.value("created_ms", std::int64_t{0}), zone)
                   : std::string(),
               paper_of(one), text_of(one, "device"), text_of(one, "detail")});
  }
  fmt::print("{}", table.str());
}

void print_jobs(const json& answer, record::Zone zone) {
  Table table({"JOB", "NUMBER", "COPY", "PRINTER", "STATE", "REASON", "CREATED", "WAITS FOR"});
  for (const json& one : answer.at("jobs")) {
    table.add({std::to_string(one.value("id", std::int64_t{0})), text_of(one, "number"),
               one.value("copy", 0) == 0 ? std::string() : std::to_string(one.value("copy", 0)),
               text_of(one, "printer"), text_of(one, "state"), text_of(one, "reason"),
               moment(one.value("created_ms", std::int64_t{0}), zone),
               one.value("waits_for_staff", false) ? "staff" : "printer"});
  }
  fmt::print("{}", table.empty() ? "nothing waits\n" : table.str());
}

// Looks at the printer until `over` says so; the last look, or nothing when it took too long.
std::optional<json> await(Printers& printers, const std::string& name, std::chrono::seconds patience,
                          const std::function<bool(const json&)>& over) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto answer = printers.ask({{"order", "status"}});
    if (!answer) return std::nullopt;
    for (const json& one : answer->at("printers")) {
      if (text_of(one, "name") == name && over(one)) return one;
    }
    if (std::chrono::steady_clock::now() > until) return std::nullopt;
    std::this_thread::sleep_for(k_look_every);
  }
}

ExitCode end_of_test(Printers& printers, const PrinterWish& wish) {
  const auto last = await(printers, wish.printer, k_test_patience, [](const json& one) {
    return one.at("test").is_object() && text_of(one.at("test"), "state") != "sending";
  });
  const std::string state = last ? text_of(last->at("test"), "state") : "no answer";
  if (state == "printed" || state == "sent") {
    fmt::print("{}\n", state == "printed" ? "the paper came out" : "sent; this printer does not confirm its paper");
    return ExitCode::done;
  }
  const std::string reason = last ? text_of(last->at("test"), "reason") : std::string();
  return complain({record::ErrorKind::unavailable,
                   fmt::format("{}: the test page did not come out: {} {}", wish.printer, state, reason)});
}

ExitCode end_of_resume(Printers& printers, const PrinterWish& wish) {
  const auto last = await(printers, wish.printer, k_resume_patience,
                          [](const json& one) { return text_of(one, "state") != "paused"; });
  if (!last) {
    return complain({record::ErrorKind::denied,
                     wish.printer + ": CUPS keeps its queue paused; as root: cupsenable QUEUE && cupsaccept QUEUE"});
  }
  fmt::print("{}: {}\n", wish.printer, text_of(*last, "state"));
  return ExitCode::done;
}

// Whoever is root has the right that the kiosk's user may lack.
void resume_as_root(const settings::Terminal& terminal, const std::string& printer) {
  const bool fallback = printer == "fallback";
  if (::geteuid() != 0) return;
  if ((fallback ? terminal.fallback_kind : terminal.printer_kind) != settings::PrinterKind::cups) return;
  spool::CupsPrinter queue(fallback ? terminal.fallback_queue : terminal.printer_queue, receipt::k_roll_80);
  if (const auto done = queue.resume(); !done) complain({record::ErrorKind::unavailable, done.error().text});
}

}  // namespace

ExitCode order_printer(const settings::Terminal& terminal, const PrinterWish& wish) {
  if (wish.order == "resume") resume_as_root(terminal, wish.printer);
  Printers printers(terminal);
  const auto answer = printers.ask(
      {{"order", wish.order}, {"job", wish.job}, {"number", wish.number}, {"printer", wish.printer}, {"to", wish.to}});
  if (!answer) return complain(answer.error());
  if (wish.json) {
    fmt::print("{}\n", answer->dump(2, ' ', false, json::error_handler_t::replace));
    return ExitCode::done;
  }
  if (wish.order == "status") {
    print_printers(*answer, terminal.zone);
  } else if (wish.order == "jobs") {
    print_jobs(*answer, terminal.zone);
  } else if (wish.order == "test-page" && printers.kiosk_runs()) {
    return end_of_test(printers, wish);
  } else if (wish.order == "resume" && printers.kiosk_runs()) {
    return end_of_resume(printers, wish);
  } else if (text_of(*answer, "outcome") == "under-way") {
    fmt::print("the job is at the printer and is called back; anjunganctl printer jobs tells when that is done\n");
  } else {
    fmt::print("done{}\n", printers.kiosk_runs() ? "" : "; the kiosk does not run: it prints when it does");
  }
  return ExitCode::done;
}

}  // namespace anjungan::ctl
