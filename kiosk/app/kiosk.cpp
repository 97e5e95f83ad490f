// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/kiosk.h"

#include <SDL.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>

#include "kiosk/app/notify.h"

namespace anjungan::app {
namespace {

constexpr int k_idle_wait_ms = 1'000;
constexpr double k_corner_mm = 30;
constexpr int k_robot_wait_ms = 10;

// Set by signals; SDL's waiting ends with one, or within 10 ms.
std::atomic<bool> g_frames_asked = false;
std::atomic<bool> g_end_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void on_frames_asked(int) { g_frames_asked = true; }
void on_end_asked(int) { g_end_asked = true; }

/// Before SDL, which leaves a signal alone that has a handler.
void take_signals() {
  std::signal(SIGUSR1, on_frames_asked);
  std::signal(SIGTERM, on_end_asked);
  std::signal(SIGINT, on_end_asked);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace

Kiosk::Kiosk(const Terminal& terminal, KioskOptions options) : m_terminal(terminal), m_options(std::move(options)) {
  m_rules.catalogue = &terminal.catalogue;
  m_rules.idle_ms = terminal.settings.idle_s * std::int64_t{1'000};
  m_rules.warning_ms = terminal.settings.warning_s * std::int64_t{1'000};
}

record::Result<void> Kiosk::open() {
  const settings::Terminal& settings = m_terminal.settings;
  if (m_options.robot) {
    auto robot = Robot::load(*m_options.robot);
    if (!robot) return tl::unexpected(robot.error());
    m_robot.emplace(*std::move(robot));
  }
  auto english = ui::Words::read(locale_folder(), "en");
  if (!english) return tl::unexpected(english.error());
  m_english = *std::move(english);
  auto window =
      ui::Window::open({.title = "Anjungan",
                        .width = settings.width,
                        .height = settings.height,
                        .rotation = settings.rotate,
                        .fullscreen = settings.fullscreen,
                        .on_wait = [](const std::string& why) { spdlog::warn("screen.waits why=\"{}\"", why); }});
  if (!window) return tl::unexpected(window.error());
  m_window = *std::move(window);
  m_canvas.emplace(m_window->width(), m_window->height());
  m_raster.emplace(*m_canvas);
  ui::PointerRules rules;
  rules.roll_px = static_cast<float>(8 * settings.px_per_mm);
  m_pointer.emplace(m_window->width(), m_window->height(), settings.rotate, rules);
  m_pointer->set_panel(m_window->panel_width(), m_window->panel_height());
  m_corner.emplace(static_cast<float>(k_corner_mm * settings.px_per_mm));
  m_ui.emplace();
  m_state.idle.touched_ms = ui::Window::now_ms();
  spdlog::info("screen.opened driver={} size={}x{}", m_window->driver(), m_window->width(), m_window->height());
  return {};
}

ui::Metrics Kiosk::metrics() const {
  return {{m_window->width(), m_window->height(), m_terminal.settings.px_per_mm}, m_state.settings.text_step};
}

record::Result<void> Kiosk::fit_fonts() {
  const ui::Metrics wanted = metrics();
  if (m_fonts_for && *m_fonts_for == wanted) return {};
  if (auto built = m_ui->fonts().build(wanted); !built) return built;
  m_fonts_for = wanted;
  m_raster->invalidate();
  return {};
}

record::Result<KioskEnd> Kiosk::run() {
  take_signals();
  if (auto opened = open(); !opened) return tl::unexpected(opened.error());
  // The first picture is on the glass before the disk is looked at.
  if (auto drawn = draw(); !drawn) return tl::unexpected(drawn.error());
  m_desk = std::make_unique<Desk>(m_terminal, [this] { m_window->wake(); });
  notify_ready();
  Leave leaving = Leave::stay;
  for (bool finished = false; !m_ending && !finished && !g_end_asked && (leaving = leave_now()) == Leave::stay;) {
    bool changed = take_events();
    changed = take_news() || changed;
    changed = tick() || changed;
    if (changed) {
      if (auto drawn = draw(); !drawn) return tl::unexpected(drawn.error());
    } else if (auto shown = m_window->present(*m_canvas, {}); !shown) {
      spdlog::warn("screen.not_shown why=\"{}\"", shown.error().text);
    }
    if (g_frames_asked.exchange(false)) write_frames();
    if (m_desk->alive()) notify_alive();
    if (m_robot) {
      auto over = robot_turn();
      if (!over) return tl::unexpected(over.error());
      finished = *over;
    }
    // A press that fired has been drawn; there may be more events behind it.
    if (m_fired.empty() && !finished && !m_ending) (void)m_window->wait(patience_ms());
  }
  KioskEnd end;
  if (leaving != Leave::stay) {
    end = {leaving == Leave::reload, m_desk->reload_for()};
    spdlog::info("command.{}", end.anew ? "reload" : "restart");
  }
  if (!end.anew) notify_stopping();
  m_desk.reset();
  write_frames();
  session::end_session(m_state, 0);
  m_local.wipe();
  return end;
}

/// A command of the centre waits for nobody to be here.
Leave Kiosk::leave_now() const {
  // A robot's lines go on to their end.
  const bool may = !m_robot && session::at_rest(m_state) && !m_local.display_open;
  return may ? m_desk->leave() : Leave::stay;
}

void Kiosk::write_frames() const {
  if (!m_options.frames.empty() && !m_frames.write(m_options.frames)) spdlog::warn("frames.not_written");
}

/// Until something may have to be drawn by itself: the next second of a countdown, or a look at the clock.
int Kiosk::patience_ms() const {
  if (m_robot) return k_robot_wait_ms;
  if (!m_state.idle.warning_ms) return k_idle_wait_ms;
  const std::int64_t spent = ui::Window::now_ms() - *m_state.idle.warning_ms;
  return static_cast<int>(1'000 - spent % 1'000);
}

bool Kiosk::take_events() {
  bool changed = false;
  SDL_Event event;
  while (m_window->next(event)) {
    if (!take_event(event)) continue;
    if (!changed && m_cause_ms == 0) m_cause_ms = ui::Window::time_ms(event);
    changed = true;
    // A press that fired is drawn before the next event is looked at: two quick taps hit two screens.
    if (!m_fired.empty()) break;
  }
  return changed;
}

bool Kiosk::take_event(const SDL_Event& event) {
  if (event.type == SDL_QUIT) {
    // A kiosk that fills the display is not for its citizens to close.
    m_ending = m_ending || !m_terminal.settings.fullscreen;
    return false;
  }
  const bool down = event.type == SDL_FINGERDOWN || event.type == SDL_MOUSEBUTTONDOWN;
  const bool up = event.type == SDL_FINGERUP || event.type == SDL_MOUSEBUTTONUP;
  // At once, so that the idle time cannot end between a touch and the frame that shows it. Under the warning it is the
  // dialog that answers.
  if ((down || up || event.type == SDL_KEYDOWN) && !m_state.idle.warning_ms) apply(session::Touched{});
  if (event.type == SDL_KEYDOWN) return take_key(event.key.keysym.sym);
  const bool changed = m_pointer->handle(event, ui::Window::time_ms(event));
  if (down) m_focused.clear();
  if (down && corner_tapped(event)) {
    apply(session::OpenStaff{});
    return true;
  }
  if (up) m_lifted = true;
  if (auto fired = m_pointer->take_fired()) m_fired = *std::move(fired);
  return changed;
}

bool Kiosk::corner_tapped(const SDL_Event& event) {
  if (event.type == SDL_FINGERDOWN) {
    return m_corner->touched(m_pointer->to_screen(event.tfinger.x, event.tfinger.y), ui::Window::time_ms(event));
  }
  if (event.button.which == SDL_TOUCH_MOUSEID) return false;
  const auto x = static_cast<float>(event.button.x) / static_cast<float>(m_window->panel_width());
  const auto y = static_cast<float>(event.button.y) / static_cast<float>(m_window->panel_height());
  return m_corner->touched(m_pointer->to_screen(x, y), ui::Window::time_ms(event));
}

/// A keypad of arrows, select and back; nothing else of a keyboard is taken.
bool Kiosk::take_key(int key) {
  const auto move = [this](ui::Direction where) { m_focused = ui::move_focus(m_ui->tree(), m_focused, where); };
  switch (key) {
    case SDLK_UP:
      move(ui::Direction::up);
      break;
    case SDLK_DOWN:
      move(ui::Direction::down);
      break;
    case SDLK_LEFT:
      move(ui::Direction::left);
      break;
    case SDLK_RIGHT:
      move(ui::Direction::right);
      break;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
      if (ui::find(m_ui->tree(), m_focused) != nullptr) m_fired = m_focused;
      break;
    case SDLK_ESCAPE:
      m_fired = way_back();
      break;
    default:
      return false;
  }
  m_lifted = true;
  return true;
}

std::string Kiosk::way_back() const {
  for (const char* key : {"idle.stay", "display.close", "back"}) {
    const ui::Node* node = ui::find(m_ui->tree(), key);
    if (node != nullptr && node->target && node->enabled) return key;
  }
  return {};
}

bool Kiosk::take_news() {
  if (!m_desk) return false;
  bool changed = false;
  while (auto news = m_desk->next()) {
    if (news->qr) m_qr = std::move(news->qr);
    apply(news->event);
    changed = true;
  }
  return changed;
}

std::string Kiosk::shown_clock() const {
  const std::int64_t now = ui::Window::now_ms();
  return fmt::format("{} {} {}", record::SystemClock().unix_ms() / 60'000,
                     session::warning_seconds(m_state, m_rules, now).value_or(-1),
                     m_state.receipt ? static_cast<int>(m_state.receipt->print) : -1);
}

bool Kiosk::tick() {
  apply(session::Tick{});
  return shown_clock() != m_shown;
}

void Kiosk::apply(const session::Event& event) {
  const session::Screen before = session::visible_screen(m_state);
  session::Effects effects = session::reduce(m_state, event, m_rules, ui::Window::now_ms());
  for (session::Effect& effect : effects) {
    if (std::holds_alternative<session::Wiped>(effect)) {
      m_local.wipe();
      m_qr.reset();
      continue;
    }
    if (m_desk) m_desk->order(std::move(effect));
  }
  if (session::visible_screen(m_state) != before) m_shown.clear();
}

std::optional<screens::Intent> Kiosk::draw_once(std::string fired) {
  const screens::Model model{
      .state = m_state,
      .rules = m_rules,
      .brand = m_terminal.brand,
      .unix_ms = record::SystemClock().unix_ms(),
      .zone = m_terminal.settings.zone,
      .warning_left_s = session::warning_seconds(m_state, m_rules, ui::Window::now_ms()),
      .qr = m_qr ? &*m_qr : nullptr,
      .wheelchair = m_terminal.settings.wheelchair,
  };
  ui::Frame frame;
  frame.metrics = metrics();
  frame.theme = ui::make_theme(m_terminal.accent, m_state.settings.high_contrast);
  frame.words = m_state.settings.language == record::Language::english ? &m_english : &m_indonesian;
  frame.pressed = m_pointer->pressed();
  frame.focused = m_focused;
  frame.fired = std::move(fired);
  m_ui->begin(std::move(frame));
  return screens::draw(*m_ui, model, m_local);
}

record::Result<void> Kiosk::draw() {
  if (auto fitted = fit_fonts(); !fitted) return fitted;
  // What lies below the warning does not hear of a press that the warning has overtaken.
  if (m_state.idle.warning_ms && !m_fired.starts_with("idle.")) m_fired.clear();
  if (!m_fired.empty()) {
    const auto intent = draw_once(std::exchange(m_fired, {}));
    (void)m_ui->end();
    if (intent) apply(*intent);
    if (intent) m_lifted = false;
    if (auto fitted = fit_fonts(); !fitted) return fitted;
  }
  // A touch that meant nothing to the session still says that somebody is there.
  if (std::exchange(m_lifted, false)) apply(session::Touched{});
  (void)draw_once({});
  const ImDrawData& data = m_ui->end();
  const auto changed = m_raster->draw(data, m_ui->atlas(), 0);
  if (auto shown = m_window->present(*m_canvas, changed); !shown)
    spdlog::warn("screen.not_shown why=\"{}\"", shown.error().text);
  const std::int64_t now = ui::Window::now_ms();
  if (m_cause_ms == 0) {
    m_frames.count();
  } else {
    m_frames.count(static_cast<double>(now - m_cause_ms));
  }
  m_cause_ms = 0;
  m_shown = shown_clock();

  const std::string surface = fmt::format("{} {} {}", session::screen_name(session::visible_screen(m_state)),
                                          m_local.display_open, m_state.idle.warning_ms.has_value());
  if (surface != m_surface) {
    m_surface = surface;
    m_changed_ms = now;
    m_pointer->screen_changed(now);
    if (!m_focused.empty()) m_focused = ui::move_focus(m_ui->tree(), {}, ui::Direction::down);
  }
  m_pointer->offer(m_ui->targets());
  return {};
}

record::Result<bool> Kiosk::robot_turn() {
  ui::Placement placement(m_window->width(), m_window->height(), m_terminal.settings.rotate);
  placement.set_panel(m_window->panel_width(), m_window->panel_height());
  return m_robot->step(
      {m_ui->tree(), m_state, *m_canvas, placement, m_changed_ms, m_frames.worst_ms(), m_frames.median_ms()},
      ui::Window::now_ms());
}

}  // namespace anjungan::app
