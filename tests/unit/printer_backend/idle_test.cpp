// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/idle.h"

#include <gtest/gtest.h>

namespace anjungan::backend {
namespace {

Look answered(const Status& status = {}) { return {Reply::answered, status, true, {}}; }

TEST(IdlePrinter, SaysWhatItAnswers) {
  Idle idle;
  EXPECT_EQ(idle.saw(answered(), 0), "ready");
  EXPECT_EQ(idle.saw(answered({.paper_end = true}), 500), "media-empty");
  EXPECT_EQ(idle.saw(answered({.cover_open = true, .paper_end = true}), 900), "cover-open");
  EXPECT_EQ(idle.saw(answered({.error = true}), 1'300), "error");
  EXPECT_EQ(idle.saw(answered({.near_end = true}), 1'700), "low-paper");
  EXPECT_LE(idle.pause_ms(), 500);
}

TEST(IdlePrinter, OneRefusedLineIsNoOutage) {
  Idle idle;
  EXPECT_EQ(idle.saw(answered(), 0), "ready");
  EXPECT_EQ(idle.saw({Reply::unreachable, {}, true, {}}, 400), "ready");
  EXPECT_LT(idle.pause_ms(), 300);
  EXPECT_EQ(idle.saw(answered(), 600), "ready");
  EXPECT_EQ(idle.saw({Reply::unreachable, {}, true, {}}, 1'000), "ready");
  EXPECT_EQ(idle.saw({Reply::unreachable, {}, true, {}}, 1'200), "offline");
  EXPECT_EQ(Idle().saw({Reply::unreachable, {}, false, {}}, 0), "offline") << "it was never there";
}

TEST(IdlePrinter, AnotherHostsReceiptIsNoOutage) {
  Idle idle;
  EXPECT_EQ(idle.saw(answered(), 0), "ready");
  EXPECT_EQ(idle.saw({Reply::silent, {}, true, {}}, 800), "ready");
  EXPECT_EQ(idle.saw({Reply::silent, {}, true, {}}, 2'000), "ready");
  EXPECT_EQ(idle.saw({Reply::silent, {}, true, {}}, 3'500), "offline");
}

TEST(IdlePrinter, AKnownFaultIsBelievedInSilence) {
  Idle idle;
  EXPECT_EQ(idle.saw(answered({.paper_end = true}), 0), "media-empty");
  EXPECT_EQ(idle.saw({Reply::silent, {}, true, {}}, 60'000), "media-empty");
  EXPECT_EQ(idle.saw({Reply::silent, {}, true, {}}, 120'000), "media-empty");
  EXPECT_EQ(idle.saw({Reply::unreachable, {}, true, {}}, 121'000), "offline");
}

TEST(IdlePrinter, WhatTheLastJobHeardIsBelievedInSilence) {
  Idle idle;
  EXPECT_EQ(idle.saw({Reply::busy, {}, false, {}}, 0), "busy");
  EXPECT_EQ(idle.saw({Reply::silent, {}, true, "media-empty"}, 600), "media-empty");
  EXPECT_EQ(idle.saw(answered(), 1'200), "ready");
  EXPECT_EQ(idle.saw({Reply::silent, {}, true, "media-empty"}, 4'000), "ready");
  EXPECT_EQ(idle.saw({Reply::silent, {}, true, "media-empty"}, 7'000), "offline") << "it has spoken since";
}

TEST(IdlePrinter, AModelThatNeverSpokeIsHardlyAsked) {
  Idle idle;
  EXPECT_EQ(idle.saw({Reply::silent, {}, false, {}}, 0), "unknown");
  EXPECT_GE(idle.pause_ms(), 10'000);
}

TEST(IdlePrinter, AJobIsLeftAloneAndItsEndSeenSoon) {
  Idle idle;
  EXPECT_EQ(idle.saw({Reply::busy, {}, false, {}}, 0), "busy");
  EXPECT_LT(idle.pause_ms(), 300);
  EXPECT_EQ(idle.saw({Reply::unreachable, {}, true, {}}, 200), "offline") << "busy is nothing to hold on to";
}

TEST(IdlePrinter, QueuesAreReadFromCups) {
  EXPECT_EQ(uris_in("device for a4: ipp://localhost:8501/ipp/print\n"
                    "device for struk: struk:tcp://192.0.2.7:9100?profile=epson-tm-m30\n"
                    "device for usb: struk:/dev/anjungan-printer-X1\n"
                    "device for bad: struk:nonsense\n"
                    "device for no end: struk:tty:/dev/ttyS0?baud=19200"),
            (std::vector<std::string>{"struk:tcp://192.0.2.7:9100?profile=epson-tm-m30",
                                      "struk:/dev/anjungan-printer-X1", "struk:tty:/dev/ttyS0?baud=19200"}));
  EXPECT_TRUE(uris_in("lpstat: No destinations added.\n").empty());
  EXPECT_TRUE(uris_in("").empty());
}

}  // namespace
}  // namespace anjungan::backend
