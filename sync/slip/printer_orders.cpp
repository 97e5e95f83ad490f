// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/printer_orders.h"

#include <map>
#include <nlohmann/json.hpp>

namespace anjungan::slip {

using nlohmann::json;
using record::Result;

namespace {

constexpr std::size_t k_most_lines = 200;
constexpr std::string_view k_by = "command";

json line_json(const JobLine& line) {
  return {{"id", line.id},
          {"number", line.number.str()},
          {"copy", line.copy},
          {"printer", line.printer},
          {"state", store::print_state_name(line.state)},
          {"reason", line.reason},
          {"created_ms", line.created_ms},
          {"waits_for_staff", line.waits_for_staff}};
}

json printer_json(const PrinterState& state) {
  json out = {{"name", state.name},
              {"device", state.device},
              {"state", spool::condition_name(state.view.condition)},
              {"detail", state.view.detail},
              {"since_ms", state.since_ms},
              {"paused_ms", state.paused_ms},
              {"waiting", state.waiting},
              {"for_staff", state.for_staff},
              {"oldest", nullptr},
              {"used_mm", state.used_mm},
              {"roll_mm", state.roll_mm},
              {"paper_changed_ms", state.changed_ms},
              {"test", nullptr}};
  if (state.oldest) out["oldest"] = line_json(*state.oldest);
  if (state.test.state != spool::JobState::queued) {
    out["test"] = {{"state", spool::job_state_name(state.test.state)}, {"reason", state.test.reason}};
  }
  return out;
}

Result<json> said(const Result<Outcome>& outcome) {
  if (!outcome) return tl::unexpected(outcome.error());
  return json{{"outcome", *outcome == Outcome::done ? "done" : "under-way"}};
}
Result<json> said(const Result<void>& done) {
  if (!done) return tl::unexpected(done.error());
  return said(Result<Outcome>(Outcome::done));
}

class Order {
 public:
  Order(PrinterDesk& desk, json fields) : m_desk(desk), m_fields(std::move(fields)) {}

  Result<json> run() {
    const auto found = k_orders().find(text("order"));
    if (found == k_orders().end()) return record::fail(record::ErrorKind::invalid, "order: there is none of this name");
    return (this->*found->second)();
  }

 private:
  using Verb = Result<json> (Order::*)();
  static const std::map<std::string, Verb>& k_orders() {
    static const std::map<std::string, Verb> orders = {
        {"status", &Order::status},       {"jobs", &Order::jobs},
        {"retry", &Order::retry},         {"reprint", &Order::reprint},
        {"move", &Order::move},           {"abandon", &Order::abandon},
        {"pause", &Order::pause},         {"resume", &Order::resume},
        {"test-page", &Order::test_page}, {"paper-changed", &Order::paper_changed}};
    return orders;
  }

  [[nodiscard]] std::string text(const char* name) const {
    const auto found = m_fields.find(name);
    return found != m_fields.end() && found->is_string() ? found->get<std::string>() : std::string();
  }
  [[nodiscard]] std::int64_t job() const {
    const auto found = m_fields.find("job");
    return found != m_fields.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
  }

  Result<json> status() {
    const auto printers = m_desk.printers();
    if (!printers) return tl::unexpected(printers.error());
    json list = json::array();
    for (const PrinterState& one : *printers) list.push_back(printer_json(one));
    return json{{"printers", std::move(list)}};
  }
  Result<json> jobs() {
    const auto lines = m_desk.jobs(k_most_lines);
    if (!lines) return tl::unexpected(lines.error());
    json list = json::array();
    for (const JobLine& one : *lines) list.push_back(line_json(one));
    return json{{"jobs", std::move(list)}};
  }
  Result<json> reprint() {
    const auto number = record::TrackingNumber::parse(text("number"));
    if (!number) return tl::unexpected(number.error());
    const auto id = m_desk.reprint(*number);
    if (!id) return tl::unexpected(id.error());
    return json{{"outcome", "done"}, {"job", *id}};
  }
  Result<json> retry() { return said(m_desk.retry(job(), k_by)); }
  Result<json> move() { return said(m_desk.move(job(), text("to"), k_by)); }
  Result<json> abandon() { return said(m_desk.abandon(job(), k_by)); }
  Result<json> pause() { return said(m_desk.pause(text("printer"), k_by)); }
  Result<json> resume() { return said(m_desk.resume(text("printer"), k_by)); }
  Result<json> test_page() { return said(m_desk.test_page(text("printer"), k_by)); }
  Result<json> paper_changed() { return said(m_desk.paper_changed(text("printer"), k_by)); }

  PrinterDesk& m_desk;
  json m_fields;
};

}  // namespace

std::string answer_order(PrinterDesk& desk, std::string_view order) {
  json fields = json::parse(order.begin(), order.end(), nullptr, false);
  Result<json> answer = fields.is_object() ? Order(desk, std::move(fields)).run()
                                           : record::fail(record::ErrorKind::invalid, "order: must be a JSON object");
  if (!answer) {
    answer = json{{"error", {{"kind", record::kind_name(answer.error().kind)}, {"text", answer.error().text}}}};
  }
  return answer->dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace anjungan::slip
