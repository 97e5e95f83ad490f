// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/pointer.h"

#include <SDL.h>
#include <gtest/gtest.h>

namespace anjungan::ui {
namespace {

constexpr int k_width = 1080;
constexpr int k_height = 1920;

SDL_Event finger(Uint32 type, float x, float y, SDL_FingerID id = 1) {
  SDL_Event event{};
  event.type = type;
  event.tfinger.fingerId = id;
  event.tfinger.x = x / k_width;
  event.tfinger.y = y / k_height;
  return event;
}

class PointerTest : public testing::Test {
 protected:
  PointerTest() {
    pointer.offer({{"next", {100, 100, 200, 100}, true, false},
                   {"q", {100, 300, 91, 96}, true, true},
                   {"off", {100, 500, 200, 100}, false, false},
                   {"below", {600, 100, 200, 200}, true, false},
                   {"dialog", {650, 150, 50, 50}, true, false}});
  }
  std::optional<std::string> tap(float x, float y, std::int64_t at, std::int64_t held = 80) {
    pointer.handle(finger(SDL_FINGERDOWN, x, y), at);
    pointer.handle(finger(SDL_FINGERUP, x, y), at + held);
    return pointer.take_fired();
  }
  Pointer pointer{k_width, k_height, 0};
};

TEST_F(PointerTest, DarkensAtOnceAndFiresWhenItLifts) {
  pointer.handle(finger(SDL_FINGERDOWN, 150, 150), 1'000);
  EXPECT_EQ(pointer.pressed(), "next");
  EXPECT_FALSE(pointer.take_fired());
  pointer.handle(finger(SDL_FINGERUP, 150, 150), 61'000);  // no upper time limit
  EXPECT_EQ(pointer.take_fired(), "next");
  EXPECT_EQ(pointer.pressed(), "");
  EXPECT_FALSE(pointer.take_fired()) << "it fires once";
}

TEST_F(PointerTest, AFingerThatRollsEightMillimetresStillPresses) {
  const float roll = 8 * 4.03F - 0.5F;
  pointer.handle(finger(SDL_FINGERDOWN, 299, 199), 1'000);
  pointer.handle(finger(SDL_FINGERMOTION, 299 + roll, 199), 1'050);
  EXPECT_EQ(pointer.pressed(), "next");
  pointer.handle(finger(SDL_FINGERUP, 299 + roll, 199), 1'100);
  EXPECT_EQ(pointer.take_fired(), "next");
}

TEST_F(PointerTest, SlidingOffTakesItBack) {
  pointer.handle(finger(SDL_FINGERDOWN, 150, 150), 1'000);
  pointer.handle(finger(SDL_FINGERMOTION, 150, 400), 1'050);
  EXPECT_EQ(pointer.pressed(), "");
  pointer.handle(finger(SDL_FINGERMOTION, 250, 180), 1'080);
  EXPECT_EQ(pointer.pressed(), "next") << "back inside counts again";
  pointer.handle(finger(SDL_FINGERUP, 150, 400), 1'100);
  EXPECT_FALSE(pointer.take_fired());
}

TEST_F(PointerTest, StaticElectricityIsNoFinger) {
  EXPECT_FALSE(tap(150, 150, 1'000, 20));
  EXPECT_FALSE(tap(150, 150, 2'000, 39));
  EXPECT_EQ(tap(150, 150, 3'000, 40), "next");
}

TEST_F(PointerTest, ATremorTapsOnce) {
  EXPECT_EQ(tap(150, 150, 1'000), "next");
  EXPECT_FALSE(tap(150, 150, 1'150));
  EXPECT_EQ(tap(150, 150, 1'700), "next");
  EXPECT_EQ(tap(620, 120, 1'850), "below") << "another target is no tremor";
}

TEST_F(PointerTest, KeysMayFollowEachOtherQuickly) {
  EXPECT_EQ(tap(120, 320, 1'000, 45), "q");
  EXPECT_FALSE(tap(120, 320, 1'050, 45));
  EXPECT_EQ(tap(120, 320, 1'150, 45), "q");
}

TEST_F(PointerTest, TheFirstFingerWins) {
  pointer.handle(finger(SDL_FINGERDOWN, 150, 150, 1), 1'000);
  pointer.handle(finger(SDL_FINGERDOWN, 120, 320, 2), 1'010);
  pointer.handle(finger(SDL_FINGERUP, 120, 320, 2), 1'080);
  EXPECT_FALSE(pointer.take_fired());
  pointer.handle(finger(SDL_FINGERUP, 150, 150, 1), 1'100);
  EXPECT_EQ(pointer.take_fired(), "next");
}

TEST_F(PointerTest, TheSecondTapDoesNotHitTheNextScreen) {
  EXPECT_EQ(tap(150, 150, 1'000), "next");
  pointer.screen_changed(1'100);
  pointer.offer({{"danger", {100, 100, 200, 100}, true, false}});
  EXPECT_FALSE(tap(150, 150, 1'250));
  EXPECT_EQ(tap(150, 150, 1'450), "danger");
}

TEST_F(PointerTest, AFingerDownDuringAScreenChangeFiresNothing) {
  pointer.handle(finger(SDL_FINGERDOWN, 150, 150), 1'000);
  pointer.screen_changed(1'050);
  pointer.handle(finger(SDL_FINGERUP, 150, 150), 2'000);
  EXPECT_FALSE(pointer.take_fired());
}

TEST_F(PointerTest, ADisabledTargetFiresNothing) { EXPECT_FALSE(tap(150, 550, 1'000)); }

TEST_F(PointerTest, TheTopmostTargetIsMeant) { EXPECT_EQ(tap(660, 160, 1'000), "dialog"); }

TEST_F(PointerTest, AMouseWorksOnceAndATouchesOwnMouseNever) {
  SDL_Event event{};
  event.type = SDL_MOUSEBUTTONDOWN;
  event.button.button = SDL_BUTTON_LEFT;
  event.button.x = 150;
  event.button.y = 150;
  event.button.which = SDL_TOUCH_MOUSEID;
  EXPECT_FALSE(pointer.handle(event, 1'000));
  event.button.which = 0;
  EXPECT_TRUE(pointer.handle(event, 1'000));
  event.type = SDL_MOUSEBUTTONUP;
  pointer.handle(event, 1'100);
  EXPECT_EQ(pointer.take_fired(), "next");
}

TEST(PointerRotation, TurnsThePointWithThePicture) {
  const struct {
    int rotation;
    float x, y;
  } cases[] = {{0, 0.25F, 0.1F}, {90, 0.9F, 0.25F}, {180, 0.75F, 0.9F}, {270, 0.1F, 0.75F}};
  for (const auto& one : cases) {
    const Pointer pointer(k_width, k_height, one.rotation);
    const Point at = pointer.to_screen(one.x, one.y);
    EXPECT_NEAR(at.x, 0.25F * k_width, 0.01F) << one.rotation;
    EXPECT_NEAR(at.y, 0.1F * k_height, 0.01F) << one.rotation;
  }
}

}  // namespace
}  // namespace anjungan::ui
