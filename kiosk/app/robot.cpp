// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/robot.h"

#include <SDL.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "kiosk/app/corner.h"
#include "kiosk/ui/text_buffer.h"
#include "sync/store/files.h"

namespace anjungan::app {
namespace {

using nlohmann::json;

constexpr std::int64_t k_line_ms = 20'000;  ///< for one line without text
constexpr std::int64_t k_letter_ms = 500;   ///< and for each letter more
constexpr std::int64_t k_press_ms = 60;     ///< longer than a ghost touch
constexpr std::int64_t k_settle_ms = 320;   ///< after a screen change nothing fires
constexpr std::int64_t k_again_ms = 320;
constexpr std::int64_t k_key_again_ms = 120;
constexpr std::size_t k_most_script = 64 << 10;

constexpr const char* k_commands[] = {"tap", "type", "until", "see", "shot"};

void push_finger(std::uint32_t type, ui::Point at, const ui::Placement& placement) {
  const ui::Rect panel = placement.to_panel({static_cast<int>(at.x), static_cast<int>(at.y), 1, 1});
  SDL_Event event{};
  event.type = type;
  event.tfinger.timestamp = SDL_GetTicks();
  event.tfinger.touchId = 1;
  event.tfinger.fingerId = 1;
  event.tfinger.x = (static_cast<float>(panel.x) + 0.5F) / static_cast<float>(placement.panel_width());
  event.tfinger.y = (static_cast<float>(panel.y) + 0.5F) / static_cast<float>(placement.panel_height());
  event.tfinger.pressure = 1;
  SDL_PushEvent(&event);
}

bool is_key(const std::string& key) { return key.starts_with("key.") || key.starts_with("pad."); }

}  // namespace

record::Result<Robot> Robot::load(const RobotOptions& options) {
  const auto bytes = store::read_file(options.script, k_most_script);
  if (!bytes) return tl::unexpected(bytes.error());
  Robot out(options);
  std::string_view rest(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  for (int number = 1; !rest.empty(); number++) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t space = line.find(' ');
    Line one{number, std::string(line.substr(0, space)),
             space == std::string_view::npos ? std::string() : std::string(line.substr(space + 1))};
    bool known = false;
    for (const char* command : k_commands) known = known || one.command == command;
    if (!known || one.argument.empty()) {
      return record::fail(record::ErrorKind::invalid,
                          fmt::format("{}:{}: \"{}\": use tap KEY, type TEXT, until SCREEN, see TEXT or shot NAME",
                                      options.script, number, line));
    }
    out.m_lines.push_back(std::move(one));
  }
  return out;
}

/// Says and keeps what is new on the screen.
void Robot::look(const RobotView& view) {
  const char* screen = session::screen_name(session::visible_screen(view.state));
  if (m_screens.empty() || m_screens.back() != screen) {
    m_screens.emplace_back(screen);
    fmt::print("screen {}\n", screen);
  }
  if (view.state.receipt && m_number != view.state.receipt->number.str()) {
    m_number = view.state.receipt->number.str();
    m_code = view.state.receipt->code.str();
    m_url = view.state.receipt->url.str();
    fmt::print("number {}\n", m_number);
  }
  if (view.state.track.state == session::TrackState::found && m_tracked.empty()) {
    const json one = json::parse(view.state.track.case_json.str(), nullptr, false);
    if (one.is_object()) m_tracked = one.value("status", std::string());
  }
  std::fflush(stdout);
}

/// True while the finger is on the glass, or its lifting is not on the screen yet.
bool Robot::lift(const RobotView& view, std::int64_t now_ms) {
  if (!m_finger) return now_ms == m_last_up_ms;
  if (now_ms - m_finger->since_ms >= k_press_ms) {
    push_finger(SDL_FINGERUP, m_finger->at, view.placement);
    m_last_key = m_finger->key;
    m_last_up_ms = now_ms;
    m_finger.reset();
  }
  return true;
}

record::Result<bool> Robot::step(const RobotView& view, std::int64_t now_ms) {
  look(view);
  if (lift(view, now_ms)) return false;
  if (m_at >= m_lines.size()) {
    if (auto written = write_report(view, {}); !written) return tl::unexpected(written.error());
    return true;
  }
  const Line& line = m_lines[m_at];
  if (m_line_since_ms < 0) m_line_since_ms = now_ms;
  if (done(line, view, now_ms)) {
    m_at++;
    m_line_since_ms = -1;
    m_typed = 0;
    m_shifted = false;
    return false;
  }
  const auto letters = line.command == "type" ? static_cast<std::int64_t>(line.argument.size()) : 0;
  if (m_error.empty() && now_ms - m_line_since_ms <= k_line_ms + letters * k_letter_ms) return false;
  record::Error why = trouble(line, view);
  if (auto written = write_report(view, why.text); !written) why.text += "; " + written.error().text;
  return tl::unexpected(std::move(why));
}

record::Error Robot::trouble(const Line& line, const RobotView& view) const {
  std::string said =
      fmt::format("{}:{}: \"{} {}\" was not possible", m_options.script, line.number, line.command, line.argument);
  if (!m_error.empty()) return {record::ErrorKind::io, said + ": " + m_error};
  said += fmt::format("; on the screen is {} with", m_screens.back());
  for (const ui::Node& node : view.tree) {
    if (node.target && !node.below_dialog && !is_key(node.key)) said += " " + node.key + (node.enabled ? "" : "(off)");
  }
  return {record::ErrorKind::unavailable, std::move(said)};
}

bool Robot::done(const Line& line, const RobotView& view, std::int64_t now_ms) {
  if (line.command == "tap" && line.argument == "corner") return tap_corner(view, now_ms);
  if (line.command == "tap") return tap(line.argument, view, now_ms);
  if (line.command == "type") return type(line.argument, view, now_ms);
  if (line.command == "until") return reached(line.argument, view.state);
  if (line.command == "see") {
    return std::any_of(view.tree.begin(), view.tree.end(), [&](const ui::Node& node) {
      return !node.below_dialog && node.label.find(line.argument) != std::string::npos;
    });
  }
  return shoot(line.argument, view);
}

bool Robot::tap(const std::string& key, const RobotView& view, std::int64_t now_ms) {
  if (now_ms - view.changed_ms < k_settle_ms) return false;
  const ui::Node* node = ui::find(view.tree, key);
  const bool found = node != nullptr && node->target && node->enabled;
  if (!found) {
    node = ui::find(view.tree, "page.next");
    if (node == nullptr || !node->enabled) return false;
  }
  const std::int64_t again = is_key(node->key) ? k_key_again_ms : k_again_ms;
  if (node->key == m_last_key && now_ms - m_last_up_ms < again) return false;
  m_finger = Finger{node->key, node->area.centre(), now_ms};
  push_finger(SDL_FINGERDOWN, m_finger->at, view.placement);
  return found;
}

/// Once for each call until it was tapped often enough.
bool Robot::tap_corner(const RobotView& view, std::int64_t now_ms) {
  if (m_corner_taps >= Corner::k_taps) {
    m_corner_taps = 0;
    return true;
  }
  m_corner_taps++;
  m_finger = Finger{"corner", {20, 20}, now_ms};
  push_finger(SDL_FINGERDOWN, m_finger->at, view.placement);
  return false;
}

bool Robot::type(const std::string& text, const RobotView& view, std::int64_t now_ms) {
  if (m_typed >= text.size()) return true;
  const std::size_t bytes = ui::code_point_bytes(text, m_typed);
  std::string one = text.substr(m_typed, bytes);
  const bool upper = one.size() == 1 && std::isupper(static_cast<unsigned char>(one[0])) != 0;
  if (upper) one[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(one[0])));
  const bool pad = ui::find(view.tree, "pad.0") != nullptr;
  std::string key = (pad ? "pad." : "key.") + one;
  if (one == " ") key = "key.space";
  if (pad && one == "+") key = "pad.plus";
  if (upper && !m_shifted && ui::find(view.tree, "key.shift") != nullptr) {
    if (tap("key.shift", view, now_ms)) m_shifted = true;
    return false;
  }
  if (ui::find(view.tree, key) == nullptr) {
    // Letters and punctuation are on two pages of the keyboard.
    if (ui::find(view.tree, "key.symbols") != nullptr) tap("key.symbols", view, now_ms);
    return false;
  }
  if (!tap(key, view, now_ms)) return false;
  m_typed += bytes;
  m_shifted = false;
  return false;
}

bool Robot::reached(const std::string& what, const session::State& state) const {
  using session::Print;
  using session::TrackState;
  if (what == "printed")
    return state.receipt && (state.receipt->print == Print::printed || state.receipt->print == Print::sent);
  if (what == "not-printed") return state.receipt && state.receipt->print == Print::not_printed;
  if (what == "answered")
    return state.screen == session::Screen::track_result && state.track.state != TrackState::asking &&
           state.track.state != TrackState::typing;
  return what == session::screen_name(session::visible_screen(state));
}

bool Robot::shoot(const std::string& name, const RobotView& view) {
  if (m_options.shots.empty()) return true;
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::create_directories(m_options.shots, failed);
  // The numbers go on where an earlier walk into the same folder ended.
  std::size_t before = 0;
  for (const auto& one : fs::directory_iterator(m_options.shots, failed)) before += one.path().extension() == ".png";
  const std::string file = fmt::format("{:02}-{}.png", before + 1, name);
  const auto written = view.canvas.write_png(m_options.shots + "/" + file);
  if (!written) {
    m_error = written.error().text;
    return false;
  }
  m_shots.push_back(file);
  return true;
}

record::Result<void> Robot::write_report(const RobotView& view, const std::string& failed) const {
  if (m_options.report.empty()) return {};
  json out = {{"tracking_number", m_number},
              {"access_code", m_code},
              {"receipt_url", m_url},
              {"tracked_status", m_tracked},
              {"screens", m_screens},
              {"shots", m_shots},
              {"worst_frame_ms", view.worst_frame_ms},
              {"median_frame_ms", view.median_frame_ms}};
  if (!failed.empty()) out["failed"] = failed;
  const std::string text = out.dump(2) + "\n";
  return store::write_file(m_options.report, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, 0600);
}

}  // namespace anjungan::app
