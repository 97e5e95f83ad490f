// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/central_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "sync/ctl/table.h"
#include "sync/record/blob.h"
#include "sync/record/calendar.h"
#include "sync/record/clock.h"
#include "sync/record/command.h"
#include "sync/record/tracking_number.h"
#include "sync/store/files.h"

namespace anjungan::ctl {
namespace {

using nlohmann::json;

constexpr int k_wib_offset_ms = 7 * 3600 * 1000;

// The value as text, whatever its type; empty when it is missing or null.
std::string text_of(const json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::int64_t number_of(const json& object, std::string_view name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

// "2026-08-12 10:32" in western Indonesian time, the zone of the administrator's shell being anything.
std::string moment(std::int64_t unix_ms) {
  if (unix_ms == 0) return {};
  std::string text = record::rfc3339(unix_ms + k_wib_offset_ms).substr(0, 16);
  text[10] = ' ';
  return text;
}

// The array under `name`; an empty one when the answer has none.
const json& list_in(const json& answer, std::string_view name) {
  static const json k_none = json::array();
  const auto found = answer.find(name);
  return found != answer.end() && found->is_array() ? *found : k_none;
}

class Control {
 public:
  explicit Control(const CentralTarget& target) : m_target(target) {}

  record::Result<json> get(const std::string& path) { return parsed(ask_centre(m_target, path, std::nullopt)); }
  record::Result<json> post(const std::string& path, const json& body) {
    const std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return parsed(ask_centre(m_target, path, ControlBody{"application/json", text}));
  }
  /// An answer that is no JSON.
  record::Result<std::string> bytes(const std::string& path, const json& body) {
    const std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return ask_centre(m_target, path, ControlBody{"application/json", text});
  }

 private:
  static record::Result<json> parsed(const record::Result<std::string>& text) {
    if (!text) return tl::unexpected(text.error());
    json answer = json::parse(*text, nullptr, false);
    if (answer.is_object()) return answer;
    return record::fail(record::ErrorKind::unavailable, "the centre answered without JSON");
  }

  const CentralTarget& m_target;
};

// Prints the answer as it came, or through `people`.
template <class People>
ExitCode show(const CentralTarget& target, const record::Result<json>& answer, People people) {
  if (!answer) return complain(answer.error());
  if (target.json) {
    fmt::print("{}\n", answer->dump(2, ' ', false, json::error_handler_t::replace));
  } else {
    people(*answer);
  }
  return ExitCode::done;
}

record::Result<std::string> full_number(const std::string& typed) {
  const auto number = record::TrackingNumber::parse(typed);
  if (!number) return tl::unexpected(number.error());
  return number->str();
}

// Twenty hexadecimal digits, however a person groups them, as the centre writes them; nothing for anything else.
std::optional<std::string> as_fingerprint(const std::string& typed) {
  std::string out;
  std::size_t digits = 0;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
    if (digits != 0 && digits % 4 == 0) out += ' ';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    ++digits;
  }
  if (digits != 20) return std::nullopt;
  return out;
}

void print_line(const char* label, const std::string& value) {
  if (!value.empty()) fmt::print("{:<10} {}\n", label, printable(value));
}

void print_case(const json& found) {
  constexpr std::array k_lines{std::pair{"number", "number"},      std::pair{"status", "status"},
                               std::pair{"class", "class"},        std::pair{"category", "category_name"},
                               std::pair{"agency", "agency_name"}, std::pair{"privacy", "privacy"},
                               std::pair{"office", "office"},      std::pair{"district", "district"},
                               std::pair{"terminal", "device"},    std::pair{"event", "seq"}};
  for (const auto& [label, name] : k_lines) print_line(label, text_of(found, name));
  print_line("received", moment(number_of(found, "received_ms")));
  if (const auto due = found.find("due"); due != found.end() && due->is_object()) {
    print_line("due", fmt::format("verify {}, answer {}, close {}", text_of(*due, "verify"), text_of(*due, "answer"),
                                  text_of(*due, "close")));
  }
  Table steps({"WHEN", "STEP", "AGENCY", "TEXT", "EVIDENCE"});
  for (const json& step : list_in(found, "steps")) {
    steps.add({moment(number_of(step, "at_ms")), text_of(step, "kind"), text_of(step, "agency"), text_of(step, "text"),
               text_of(step, "evidence")});
  }
  if (!steps.empty()) fmt::print("\n{}", steps.str());
  const auto personal = found.find("personal");
  if (personal == found.end() || !personal->is_object()) return;
  fmt::print("\n");
  for (const auto& [name, value] : personal->items()) print_line(name.c_str(), text_of(*personal, name));
}

ExitCode act(const CentralTarget& target, const std::string& verb, const std::string& typed, json body) {
  const auto number = full_number(typed);
  if (!number) return complain(number.error());
  body["number"] = *number;
  return show(target, Control(target).post("/control/" + verb, body), print_case);
}

}  // namespace

namespace {

// One attachment, opened as it is written: never whole on the disk in the clear before it proved to be authentic.
record::Result<void> write_opened(const record::Bytes& sealed, const record::SealingKey& key, const std::string& path) {
  auto file = store::NewFile::make(path + ".new", 0600);
  if (!file) return tl::unexpected(file.error());
  std::size_t at = 0;
  auto opened = record::open_blob(
      [&](std::span<std::uint8_t> to) -> record::Result<std::size_t> {
        const std::size_t size = std::min(to.size(), sealed.size() - at);
        std::copy_n(sealed.begin() + static_cast<std::ptrdiff_t>(at), size, to.begin());
        at += size;
        return size;
      },
      key, [&](record::ByteView piece) { return file->write(piece); });
  if (!opened) return opened;
  return file->keep_as(path);
}

record::Result<record::SealingKey> sealing_key(const std::string& path) {
  auto bytes = store::read_file(path, 32);
  if (!bytes) return tl::unexpected(bytes.error());
  auto secret = record::to_array<32>(*bytes, "key");
  record::wipe(*bytes);
  if (!secret) return tl::unexpected(secret.error());
  auto key = record::SealingKey::from_secret(*secret);
  record::wipe(*secret);
  return key;
}

record::Result<int> take_out(const CentralTarget& target, const std::string& number, const json& answer,
                             const std::string& out, const record::SealingKey& key) {
  if (std::error_code none; std::filesystem::exists(out, none)) {
    return record::fail(record::ErrorKind::conflict, fmt::format("out: {} is there already; name a new folder", out));
  }
  if (auto made = store::make_folder(out); !made) return tl::unexpected(made.error());
  int taken = 0;
  int place = 0;
  for (const json& one : list_in(answer, "attachments")) {
    place++;
    if (!one.value("held", false)) continue;
    auto sealed = Control(target).bytes("/control/attachment", {{"number", number}, {"blob", text_of(one, "blob")}});
    if (!sealed) return tl::unexpected(sealed.error());
    const char* ending = text_of(one, "media") == "image/jpeg" ? "jpg" : "ogg";
    auto written = write_opened(record::Bytes(sealed->begin(), sealed->end()), key,
                                fmt::format("{}/{}-{}.{}", out, number, place, ending));
    if (!written) return tl::unexpected(written.error());
    taken++;
  }
  return taken;
}

}  // namespace

ExitCode central_attachments(const CentralTarget& target, const std::string& typed, const std::string& out,
                             const std::string& key_file) {
  const auto number = full_number(typed);
  if (!number) return complain(number.error());
  const auto answer = Control(target).post("/control/attachments", {{"number", *number}});
  if (!answer) return complain(answer.error());
  if (!out.empty()) {
    const auto key = sealing_key(key_file.empty() ? target.data_folder + "/keys/sealing.key" : key_file);
    if (!key) return complain(key.error());
    const auto taken = take_out(target, *number, *answer, out, *key);
    if (!taken) return complain(taken.error());
    fmt::print(stderr, "{} of {} written to {}\n", *taken, list_in(*answer, "attachments").size(), out);
  }
  return show(target, answer, [](const json& found) {
    Table table({"KIND", "MEDIA", "SIZE", "HERE", "BLOB"});
    for (const json& one : list_in(found, "attachments")) {
      table.add({text_of(one, "kind"), text_of(one, "media"), text_of(one, "size"),
                 one.value("held", false) ? "yes" : "not yet", text_of(one, "blob").substr(0, 16)});
    }
    fmt::print("{}", table.empty() ? "no attachments\n" : table.str());
  });
}

ExitCode central_enrol_code(const CentralTarget& target, const EnrolCodeWish& wish) {
  json body = {{"office", wish.office}, {"place", wish.place}};
  if (wish.region != 0) body["region"] = wish.region;
  return show(target, Control(target).post("/control/enrol-code", body), [&](const json& answer) {
    // The code alone on standard output, for scripts; the rest is for the person.
    fmt::print("{}\n", text_of(answer, "code"));
    fmt::print(stderr,
               "Good for one terminal, for 15 minutes. At the terminal:\n"
               "  anjunganctl enrol --config FILE --code {}\n"
               "Then compare the fingerprint that it shows with the one in\n"
               "  anjunganctl central --data {} devices\n",
               text_of(answer, "code"), target.data_folder);
  });
}

ExitCode central_devices(const CentralTarget& target) {
  return show(target, Control(target).get("/control/devices"), [](const json& answer) {
    Table table({"DEVICE", "STATE", "OFFICE", "PLACE", "FINGERPRINT", "KEYS", "EVENTS", "LAST SEEN"});
    for (const json& device : list_in(answer, "devices")) {
      table.add({text_of(device, "device"), text_of(device, "state"), text_of(device, "office"),
                 text_of(device, "place"), text_of(device, "fingerprint"),
                 std::to_string(number_of(device, "key_changes") + 1), text_of(device, "acked_seq"),
                 moment(number_of(device, "seen_ms"))});
    }
    fmt::print("{}", table.empty() ? "no terminal has asked to be enrolled yet\n" : table.str());
  });
}

ExitCode central_confirm(const CentralTarget& target, const std::string& device) {
  const auto fingerprint = as_fingerprint(device);
  const json body = fingerprint ? json{{"fingerprint", *fingerprint}} : json{{"device", device}};
  return show(target, Control(target).post("/control/confirm", body), [](const json& found) {
    fmt::print("{} is enrolled: {}\n", printable(text_of(found, "device")), printable(text_of(found, "office")));
  });
}

ExitCode central_revoke(const CentralTarget& target, const std::string& device, std::uint64_t from_seq) {
  return show(
      target, Control(target).post("/control/revoke", {{"device", device}, {"from_seq", from_seq}}),
      [&](const json&) { fmt::print("{} is revoked: what it sends from now on goes into quarantine\n", device); });
}

ExitCode central_unlock(const CentralTarget& target, const std::string& device) {
  return show(target, Control(target).post("/control/unlock", {{"device", device}}), [&](const json&) {
    fmt::print("{} is believed again and sends what was refused; a copy that is still alive locks it anew\n", device);
  });
}

ExitCode central_ask_rotation(const CentralTarget& target, const std::string& device, const std::string& which) {
  return show(
      target, Control(target).post("/control/ask-rotation", {{"device", device}, {"which", which}}), [&](const json&) {
        fmt::print("{} changes its keys when it comes next; see KEYS in `anjunganctl central devices`\n", device);
      });
}

ExitCode central_receipt_keys(const CentralTarget& target) {
  return show(target, Control(target).get("/control/receipt-keys"), [](const json& answer) {
    Table table({"DEVICE", "RECEIPT KEY", "FROM", "UNTIL", "ENDED BY EVENT"});
    for (const json& terminal : list_in(answer, "terminals")) {
      for (const json& key : list_in(terminal, "receipt_keys")) {
        table.add({text_of(terminal, "device"), text_of(key, "key"), moment(number_of(key, "from_ms")),
                   key.value("until_ms", json()).is_null() ? "-" : moment(number_of(key, "until_ms")),
                   key.value("ended_by_seq", json()).is_null() ? "-" : text_of(key, "ended_by_seq")});
      }
    }
    fmt::print("{}", table.empty() ? "no terminal is enrolled yet\n" : table.str());
  });
}

namespace {

void show_not_told(const json& answer) {
  for (const json& one : list_in(answer, "not_told_yet"))
    fmt::print("{} has not heard of it yet\n", one.get<std::string>());
}

}  // namespace

ExitCode central_announce_key(const CentralTarget& target) {
  return show(target, Control(target).post("/control/announce-key", json::object()), [](const json& answer) {
    fmt::print("a new signing key is announced (manifest {})\n", text_of(answer, "serial"));
    show_not_told(answer);
  });
}

ExitCode central_switch_key(const CentralTarget& target, bool force) {
  return show(target, Control(target).post("/control/switch-key", {{"force", force ? 1 : 0}}), [](const json& answer) {
    fmt::print(
        "the announced key is used from the next start on (manifest {}): copy the keys folder to every other "
        "instance and restart them all\n",
        text_of(answer, "serial"));
  });
}

namespace {

constexpr int k_order_days = 7;

// The end of that day in western Indonesian time.
record::Result<std::int64_t> end_of(const std::string& until) {
  constexpr std::int64_t k_day_ms = 86'400'000;
  if (until.empty()) return record::SystemClock().unix_ms() + k_order_days * k_day_ms;
  const auto date = record::Date::parse(until);
  if (!date) return record::fail(record::ErrorKind::invalid, "until: a date such as 2026-12-31");
  return (date->days() + std::int64_t{1}) * k_day_ms - k_wib_offset_ms;
}

void warn_of_left_out(const json& answer) {
  for (const json& one : list_in(answer, "left_out")) {
    fmt::print(stderr, "NOT for {}: {}\n", printable(text_of(one, "device")), printable(text_of(one, "why")));
  }
}

ExitCode give_order(const CentralTarget& target, const OrderWish& wish, json body,
                    const char* path = "/control/command") {
  const auto expires_ms = end_of(wish.until);
  if (!expires_ms) return complain(expires_ms.error());
  body["device"] = wish.device;
  body["expires_ms"] = *expires_ms;
  return show(target, Control(target).post(path, body), [](const json& answer) {
    fmt::print("{}\n", printable(text_of(answer, "id")));
    const std::size_t count = list_in(answer, "devices").size();
    fmt::print(stderr, "Ordered for {} terminal{}, until {}; `commands` tells what becomes of it.\n", count,
               count == 1 ? "" : "s", moment(number_of(answer, "expires_ms")));
    warn_of_left_out(answer);
  });
}

std::string outcome_of(const json& command) {
  const std::string outcome = text_of(command, "outcome");
  if (!outcome.empty()) return outcome + " " + moment(number_of(command, "outcome_ms"));
  if (number_of(command, "cancelled_ms") != 0) return "cancelled by " + text_of(command, "cancelled_by");
  return number_of(command, "expires_ms") < record::SystemClock().unix_ms() ? "expired, not heard of" : "waits";
}

}  // namespace

ExitCode central_restart(const CentralTarget& target, const OrderWish& wish) {
  for (const char* program : {"kiosk", "agent"}) {
    if (wish.program != "both" && wish.program != program) continue;
    const ExitCode done = give_order(target, wish, {{"verb", "restart"}, {"program", program}});
    if (done != ExitCode::done) return done;
  }
  return ExitCode::done;
}

ExitCode central_resend(const CentralTarget& target, const OrderWish& wish) {
  json body = {{"verb", "resend"}, {"first", wish.first}};
  if (wish.last != 0) body["last"] = wish.last;
  return give_order(target, wish, std::move(body));
}

ExitCode central_order_catalogue(const CentralTarget& target, const OrderWish& wish) {
  json body = json::object();
  for (const std::string_view file : record::k_catalogue_files) {
    if (wish.path.empty()) break;
    const auto bytes = store::read_file(fmt::format("{}/{}", wish.path, file), record::k_most_catalogue_bytes);
    if (!bytes) return complain(bytes.error());
    body[std::string(file.substr(0, file.find('.')))] = record::to_text(*bytes);
  }
  return give_order(target, wish, std::move(body), "/control/command-catalogue");
}

ExitCode central_order_settings(const CentralTarget& target, const OrderWish& wish) {
  json body = {{"verb", "settings"}};
  if (!wish.path.empty()) {
    const auto bytes = store::read_file(wish.path, record::k_most_settings_bytes);
    if (!bytes) return complain(bytes.error());
    body["text"] = record::to_text(*bytes);
  }
  return give_order(target, wish, std::move(body));
}

ExitCode central_orders(const CentralTarget& target, const std::string& device) {
  const std::string path = "/control/commands" + (device.empty() ? std::string() : "/" + device);
  return show(target, Control(target).get(path), [](const json& answer) {
    Table table({"DEVICE", "COMMAND", "ORDERED", "BY", "UNTIL", "RECEIVED", "OUTCOME", "REASON", "ID"});
    for (const json& one : list_in(answer, "commands")) {
      table.add({text_of(one, "device"), text_of(one, "command"), moment(number_of(one, "ordered_ms")),
                 text_of(one, "by"), moment(number_of(one, "expires_ms")), one.value("received", false) ? "yes" : "no",
                 outcome_of(one), text_of(one, "reason"), text_of(one, "id")});
    }
    fmt::print("{}", table.empty() ? "no commands\n" : table.str());
  });
}

ExitCode central_cancel_order(const CentralTarget& target, const std::string& id) {
  return show(target, Control(target).post("/control/command-cancel", {{"id", id}}), [](const json& answer) {
    for (const json& one : list_in(answer, "devices"))
      fmt::print("cancelled for {}\n", printable(one.get<std::string>()));
    warn_of_left_out(answer);
  });
}

ExitCode central_list(const CentralTarget& target, const std::string& status, std::size_t limit) {
  const std::string path = fmt::format("/control/complaints?status={}&limit={}", status, limit);
  return show(target, Control(target).get(path), [](const json& answer) {
    Table table({"NUMBER", "STATUS", "CLASS", "CATEGORY", "AGENCY", "RECEIVED", "ANSWER BY", "OFFICE"});
    for (const json& one : list_in(answer, "complaints")) {
      const auto due = one.find("due");
      table.add({text_of(one, "number"), text_of(one, "status"), text_of(one, "class"), text_of(one, "category"),
                 text_of(one, "agency"), moment(number_of(one, "received_ms")),
                 due != one.end() && due->is_object() ? text_of(*due, "answer") : std::string(),
                 text_of(one, "office")});
    }
    fmt::print("{}", table.empty() ? "no complaints\n" : table.str());
  });
}

ExitCode central_show(const CentralTarget& target, const std::string& number, bool open) {
  const auto full = full_number(number);
  if (!full) return complain(full.error());
  return show(target, Control(target).get("/control/complaint/" + *full + (open ? "?open=1" : "")), print_case);
}

ExitCode central_dispose(const CentralTarget& target, const std::string& number, const std::string& agency,
                         const std::string& note) {
  return act(target, "dispose", number, {{"agency", agency}, {"note", note}});
}

ExitCode central_follow_up(const CentralTarget& target, const std::string& number, const std::string& text,
                           const std::string& evidence) {
  return act(target, "follow-up", number, {{"text", text}, {"evidence", evidence}});
}

ExitCode central_resolve(const CentralTarget& target, const std::string& number, const std::string& text,
                         const std::string& evidence) {
  return act(target, "resolve", number, {{"text", text}, {"evidence", evidence}});
}

ExitCode central_verify(const CentralTarget& target, const std::string& number) {
  return act(target, "verify", number, json::object());
}

ExitCode central_audit_verify(const CentralTarget& target, const std::string& expect) {
  const std::string path = "/control/audit" + (expect.empty() ? std::string() : "?expect=" + expect);
  bool sound = true;
  const auto answer = Control(target).get(path);
  const ExitCode shown = show(target, answer, [](const json& verdict) {
    for (const json& finding : list_in(verdict, "findings")) fmt::print("{}\n", printable(finding.get<std::string>()));
    fmt::print("{} events and {} lines of the audit read; head {}\n", text_of(verdict, "events"),
               text_of(verdict, "audit_rows"), text_of(verdict, "audit_head"));
  });
  if (answer) sound = list_in(*answer, "findings").empty();
  return shown == ExitCode::done && !sound ? ExitCode::findings : shown;
}

ExitCode central_alarms(const CentralTarget& target) {
  const auto answer = Control(target).get("/control/alarms");
  const ExitCode shown = show(target, answer, [](const json& found) {
    const json& alarms = list_in(found, "alarms");
    if (alarms.empty()) {
      fmt::print("OK: no alarms\n");
      return;
    }
    fmt::print("ALARM: {} open\n\n", alarms.size());
    for (const json& one : alarms) {
      const std::string device = text_of(one, "device");
      const std::string office = text_of(one, "office");
      fmt::print("{} {}{} since {}\n  {}\n  Remedy: {}\n", printable(text_of(one, "kind")),
                 device.empty() ? "centre" : printable(device), office.empty() ? "" : " (" + printable(office) + ")",
                 moment(number_of(one, "since_ms")), printable(text_of(one, "text")),
                 printable(text_of(one, "remedy")));
    }
  });
  // 1 means an alarm here, so what failed is told apart from it.
  if (shown == ExitCode::failed) return ExitCode::unreachable;
  if (shown != ExitCode::done) return shown;
  return list_in(*answer, "alarms").empty() ? ExitCode::done : ExitCode::failed;
}

ExitCode central_accept_loss(const CentralTarget& target, const std::string& typed) {
  const auto number = full_number(typed);
  if (!number) return complain(number.error());
  return show(target, Control(target).post("/control/accept-loss", {{"number", *number}}), [](const json& answer) {
    fmt::print(
        "{} is accepted as lost: its alarm has ended, and the audit says so. If the report comes after all, it is "
        "taken in.\n",
        printable(text_of(answer, "accepted")));
  });
}

ExitCode central_rebuild(const CentralTarget& target) {
  return show(target, Control(target).post("/control/rebuild", json::object()),
              [](const json& answer) { fmt::print("made anew from {} events\n", text_of(answer, "events")); });
}

ExitCode central_backup(const CentralTarget& target, const std::string& to) {
  std::error_code failed;
  const std::string folder = std::filesystem::absolute(to, failed).string();
  return show(target, Control(target).post("/control/backup", {{"to", folder}}), [&](const json&) {
    fmt::print("{} holds the store and the keys: keep it like the centre itself\n", folder);
  });
}

ExitCode central_stats(const CentralTarget& target) {
  return show(target, Control(target).get("/control/stats"), [](const json& answer) {
    for (const auto& [name, value] : answer.items()) {
      if (value.is_primitive()) fmt::print("{:<14} {}\n", name, printable(text_of(answer, name)));
    }
    Table table({"DEVICE", "STATE", "EVENTS", "ACKED", "HIGHEST", "GAPS", "DUPLICATES", "CONFLICTS", "QUARANTINED"});
    for (const json& device : list_in(answer, "devices")) {
      table.add({text_of(device, "device"), text_of(device, "state"), text_of(device, "events"),
                 text_of(device, "acked_seq"), text_of(device, "highest_seq"), text_of(device, "gaps"),
                 text_of(device, "duplicates"), text_of(device, "conflicts"), text_of(device, "quarantined")});
    }
    fmt::print("{}", table.empty() ? "no terminals yet\n" : table.str());
  });
}

}  // namespace anjungan::ctl
