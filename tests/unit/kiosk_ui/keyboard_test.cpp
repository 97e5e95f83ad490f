// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "tests/unit/kiosk_ui/stage.h"

namespace anjungan::ui {
namespace {

constexpr Panel k_panels[] = {k_portrait, k_dense, k_landscape, k_small};

/// Where the screens put the keys: above the footer, or at the right of the question.
Area place_of(const Ui& ui, float height) {
  const Panel& panel = ui.metrics().portrait() ? k_portrait : ui.metrics().width() > 1400 ? k_landscape : k_small;
  if (panel == k_landscape) return {888, 124, 1032, 816};
  if (panel == k_small) return {586, 100, 780, 520};
  return {0, 1724 - height, 1080, height};
}

float apart(const Area& one, const Area& other) {
  const float across = std::max(one.x - other.right(), other.x - one.right());
  const float down = std::max(one.y - other.bottom(), other.y - one.bottom());
  return std::max(across, down);
}

void expect_reachable(const Stage& stage, const Panel& panel, const Area& place, double least_mm) {
  const std::string what = std::to_string(panel.width) + " x " + std::to_string(panel.height) + ": ";
  std::set<std::string> keys;
  const Tree& tree = stage.ui.tree();
  for (std::size_t i = 0; i < tree.size(); i++) {
    EXPECT_TRUE(keys.insert(tree[i].key).second) << what << ": two of " << tree[i].key;
    EXPECT_EQ(tree[i].role, Role::key);
    EXPECT_FALSE(tree[i].cut) << tree[i].key;
    EXPECT_FALSE(tree[i].label.empty()) << tree[i].key;
    EXPECT_GE(static_cast<double>(tree[i].area.width) / panel.px_per_mm, least_mm) << what << tree[i].key;
    EXPECT_GE(static_cast<double>(tree[i].area.height) / panel.px_per_mm, least_mm) << what << tree[i].key;
    EXPECT_TRUE(inside(tree[i].area, place, 0)) << what << tree[i].key;
    for (std::size_t k = 0; k < i; k++) {
      EXPECT_GE(static_cast<double>(apart(tree[i].area, tree[k].area)) / panel.px_per_mm, 2.54)
          << what << tree[i].key << " and " << tree[k].key;
    }
  }
}

TEST(Keyboard, HasKeysThatAFingerMeets) {
  for (const Panel& panel : k_panels) {
    Stage stage(panel);
    const Area place = place_of(stage.ui, keyboard_height(stage.ui));
    for (const bool upper : {false, true}) {
      for (const bool enter : {false, true}) {
        for (const bool symbols : {false, true}) {
          Keyboard state{false, symbols};
          stage.draw([&] { keyboard(stage.ui, place, state, enter, upper); });
          expect_reachable(stage, panel, place, 12.7);
          EXPECT_EQ(find(stage.ui.tree(), "key.enter") != nullptr, enter);
        }
      }
    }
  }
}

TEST(Keypad, HasLargeKeys) {
  for (const Panel& panel : k_panels) {
    Stage stage(panel);
    const Area place = place_of(stage.ui, keypad_height(stage.ui));
    for (const bool plus : {false, true}) {
      stage.draw([&] { keypad(stage.ui, place, plus); });
      expect_reachable(stage, panel, place, 20);
      EXPECT_EQ(find(stage.ui.tree(), "pad.plus") != nullptr, plus);
    }
  }
}

class Typing : public testing::Test {
 protected:
  /// Presses a key and puts what it says into the text.
  void press(const std::string& key) {
    stage.draw(
        [&] {
          const auto said = keyboard(stage.ui, {0, 1124, 1080, 600}, state, true, upper);
          if (said) apply(*said, text);
        },
        key);
    ASSERT_NE(find(stage.ui.tree(), "key.a") != nullptr, state.symbols && !upper);
  }

  Stage stage{k_portrait};
  Keyboard state;
  bool upper = false;
  TextBuffer text{40, true};
};

TEST_F(Typing, WritesLettersAndLines) {
  for (const char* key : {"key.a", "key.1", "key.space", "key.,", "key..", "key.enter", "key.z"}) press(key);
  EXPECT_EQ(text.text(), "a1 ,.\nz");
  press("key.backspace");
  press("key.backspace");
  EXPECT_EQ(text.text(), "a1 ,.");
}

TEST_F(Typing, ShiftIsForOneLetter) {
  press("key.shift");
  EXPECT_EQ(stage.node("key.a").label, "A");
  EXPECT_TRUE(stage.node("key.shift").chosen);
  press("key.a");
  EXPECT_EQ(stage.node("key.a").label, "a");
  press("key.a");
  EXPECT_EQ(text.text(), "Aa");
  press("key.shift");
  press("key.shift");
  press("key.b");
  EXPECT_EQ(text.text(), "Aab");
}

TEST_F(Typing, HasWhatAddressesAndMoneyNeed) {
  press("key.symbols");
  for (const std::string one : {".", ",", "?", "!", ":", ";", "'", "\"", "(", ")",  "-",
                                "_", "/", "&", "@", "#", "%", "+", "=",  "*", "Rp", "7"}) {
    press("key." + one);
  }
  EXPECT_EQ(text.text(), ".,?!:;'\"()-_/&@#%+=*Rp7");
  press("key.symbols");
  EXPECT_EQ(find(stage.ui.tree(), "key.?"), nullptr);
}

TEST_F(Typing, MovesTheCaret) {
  press("key.a");
  press("key.b");
  press("key.symbols");
  press("key.left");
  press("key./");
  press("key.right");
  press("key.%");
  EXPECT_EQ(text.text(), "a/b%");
}

TEST_F(Typing, CodesAreCapitals) {
  upper = true;
  for (const char* key : {"key.7", "key.k", "key.-", "key.i"}) press(key);
  EXPECT_EQ(text.text(), "7K-I");
  EXPECT_EQ(find(stage.ui.tree(), "key.shift"), nullptr);
  EXPECT_EQ(find(stage.ui.tree(), "key.symbols"), nullptr);
}

TEST(Apply, SaysWhetherItChangedSomething) {
  TextBuffer text(1);
  const auto does = [&](KeyPress::Kind kind, const char* what = "") { return apply({kind, what}, text); };
  EXPECT_FALSE(does(KeyPress::Kind::backspace));
  EXPECT_FALSE(does(KeyPress::Kind::left));
  EXPECT_FALSE(does(KeyPress::Kind::enter));  // a single line
  EXPECT_TRUE(does(KeyPress::Kind::text, "a"));
  EXPECT_FALSE(does(KeyPress::Kind::text, "b"));  // full
  EXPECT_TRUE(does(KeyPress::Kind::left));
  EXPECT_TRUE(does(KeyPress::Kind::right));
  EXPECT_FALSE(does(KeyPress::Kind::right));
}

TEST(Keypad, SaysWhatWasPressed) {
  Stage stage(k_portrait);
  std::optional<KeyPress> said;
  const auto press = [&](const char* key) {
    stage.draw([&] { said = keypad(stage.ui, {0, 1124, 1080, 600}, true); }, key);
  };
  press("pad.0");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->text, "0");
  press("pad.plus");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->text, "+");
  press("pad.backspace");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->kind, KeyPress::Kind::backspace);
  press("");
  EXPECT_FALSE(said);
}

}  // namespace
}  // namespace anjungan::ui
