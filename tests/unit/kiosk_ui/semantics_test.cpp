// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/semantics.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace anjungan::ui {
namespace {

Node target(const std::string& key, float x, float y, float width = 100) {
  Node out;
  out.key = key;
  out.area = {x, y, width, 80};
  out.target = true;
  return out;
}

/// Three columns and two rows, with a bar of two buttons below.
Tree grid() {
  Tree out;
  Node title;
  title.key = "title";
  out.push_back(title);
  for (int i = 0; i < 6; i++) {
    out.push_back(target(std::to_string(i), static_cast<float>(i % 3) * 120, static_cast<float>(i / 3) * 100));
  }
  out.push_back(target("back", 0, 300));
  out.push_back(target("next", 240, 300));
  return out;
}

TEST(MoveFocus, BeginsWithTheFirstTarget) {
  for (const Direction way : {Direction::up, Direction::down, Direction::left, Direction::right}) {
    EXPECT_EQ(move_focus(grid(), "", way), "0");
    EXPECT_EQ(move_focus(grid(), "gone", way), "0");
    EXPECT_EQ(move_focus({}, "", way), "");
  }
}

TEST(MoveFocus, FollowsTheArrows) {
  const Tree tree = grid();
  EXPECT_EQ(move_focus(tree, "0", Direction::right), "1");
  EXPECT_EQ(move_focus(tree, "1", Direction::down), "4");
  EXPECT_EQ(move_focus(tree, "4", Direction::left), "3");
  EXPECT_EQ(move_focus(tree, "3", Direction::up), "0");
  EXPECT_EQ(move_focus(tree, "5", Direction::down), "next");
  EXPECT_EQ(move_focus(tree, "3", Direction::down), "back");
  EXPECT_EQ(move_focus(tree, "back", Direction::right), "next");
}

TEST(MoveFocus, StaysAtTheRim) {
  const Tree tree = grid();
  EXPECT_EQ(move_focus(tree, "0", Direction::up), "0");
  EXPECT_EQ(move_focus(tree, "0", Direction::left), "0");
  EXPECT_EQ(move_focus(tree, "next", Direction::down), "next");
}

TEST(MoveFocus, PassesOverWhatCannotBePressed) {
  Tree tree = grid();
  tree[2].enabled = false;  // "1"
  EXPECT_EQ(move_focus(tree, "0", Direction::right), "2");
  for (Node& node : tree) node.below_dialog = true;
  tree.push_back(target("yes", 100, 150));
  EXPECT_EQ(move_focus(tree, "0", Direction::down), "yes");
  EXPECT_EQ(find(tree, "0"), nullptr);
  EXPECT_NE(find(tree, "yes"), nullptr);
}

/// Whoever presses arrows long enough comes everywhere.
TEST(MoveFocus, ReachesEverything) {
  const Tree tree = grid();
  std::vector<std::string> found = {"0"};
  for (std::size_t i = 0; i < found.size(); i++) {
    for (const Direction way : {Direction::up, Direction::down, Direction::left, Direction::right}) {
      const std::string to = move_focus(tree, found[i], way);
      if (std::find(found.begin(), found.end(), to) == found.end()) found.push_back(to);
    }
  }
  EXPECT_EQ(found.size(), 8U);
}

}  // namespace
}  // namespace anjungan::ui
