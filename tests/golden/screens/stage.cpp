// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/screens/stage.h"

#include "sync/record/result.h"

namespace anjungan::screens {

Stage::Stage() {
  auto english = ui::Words::read(ANJUNGAN_BUILD "/share/locale", "en");
  ANJUNGAN_CHECK(english.has_value());
  m_english = *std::move(english);
}

const ui::Canvas& Stage::draw(const Scene& scene, const Look& look, int page) {
  const ui::Metrics metrics(look.panel, look.text_step);
  if (!m_built || !(*m_built == metrics)) {
    const auto built = m_ui.fonts().build(metrics);
    ANJUNGAN_CHECK(built.has_value());
    m_built = metrics;
  }
  session::State state = scene.state;
  state.settings.language = look.language;
  state.settings.text_step = look.text_step;
  state.settings.high_contrast = look.high_contrast;
  session::Rules rules;
  rules.catalogue = &bandung();
  const Brand brand{.office = "MPP Kota Bandung"};
  Model model{
      .state = state, .rules = rules, .brand = brand, .unix_ms = k_now_ms, .warning_left_s = scene.warning_left_s};
  model.qr = &sample_qr();

  Local local;
  local.follow(state);
  local.page = page;
  local.display_open = scene.display_open;
  ui::Frame frame;
  frame.metrics = metrics;
  frame.theme = ui::make_theme({0x0B, 0x5C, 0x6B}, look.high_contrast);
  frame.words = look.language == record::Language::english ? &m_english : &m_indonesian;
  m_ui.begin(std::move(frame));
  (void)screens::draw(m_ui, model, local);
  const ImDrawData& data = m_ui.end();

  m_canvas.emplace(look.panel.width, look.panel.height);
  ui::Raster raster(*m_canvas);
  raster.draw(data, m_ui.atlas(), 0);
  return *m_canvas;
}

int Stage::pages() const {
  const ui::Node* number = ui::find(m_ui.tree(), "page.number");
  if (number == nullptr) return 1;
  return std::max(1, std::atoi(number->label.substr(number->label.rfind(' ') + 1).c_str()));
}

}  // namespace anjungan::screens
