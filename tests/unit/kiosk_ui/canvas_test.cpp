// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/canvas.h"

#include <cairo.h>
#include <gtest/gtest.h>

namespace anjungan::ui {
namespace {

TEST(CanvasTest, IsBlackAtFirst) {
  const Canvas canvas(3, 2);
  EXPECT_EQ(canvas.at(2, 1), 0xff000000U);
  EXPECT_EQ(canvas.whole(), (Rect{0, 0, 3, 2}));
}

TEST(CanvasTest, APictureCanBeReadBack) {
  Canvas canvas(5, 3);
  for (int y = 0; y < 3; y++) {
    for (int x = 0; x < 5; x++)
      canvas.row(y)[x] = 0xff000000U | static_cast<std::uint32_t>(x * 50 << 16 | y * 90 << 8 | 7);
  }
  const std::string path = testing::TempDir() + "canvas_test.png";
  ASSERT_TRUE(canvas.write_png(path));
  cairo_surface_t* read = cairo_image_surface_create_from_png(path.c_str());
  ASSERT_EQ(cairo_surface_status(read), CAIRO_STATUS_SUCCESS);
  ASSERT_EQ(cairo_image_surface_get_width(read), 5);
  ASSERT_EQ(cairo_image_surface_get_height(read), 3);
  for (int y = 0; y < 3; y++) {
    const auto* row = reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(read) +
                                                             std::ptrdiff_t{y} * cairo_image_surface_get_stride(read));
    for (int x = 0; x < 5; x++) EXPECT_EQ(row[x] & 0xffffffU, canvas.at(x, y) & 0xffffffU) << x << ", " << y;
  }
  cairo_surface_destroy(read);
  EXPECT_EQ(std::remove(path.c_str()), 0);
}

TEST(CanvasTest, AFolderThatIsNotThereIsAnError) {
  const auto written = Canvas(1, 1).write_png(testing::TempDir() + "no/such/folder.png");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, record::ErrorKind::io);
  EXPECT_NE(written.error().text.find("no/such/folder.png"), std::string::npos);
}

TEST(CanvasTest, RectanglesMeetOrDoNot) {
  EXPECT_EQ(intersection({0, 0, 10, 10}, {4, 6, 10, 10}), (Rect{4, 6, 6, 4}));
  EXPECT_TRUE(intersection({0, 0, 10, 10}, {10, 0, 5, 5}).empty());
  EXPECT_TRUE(intersection({0, 0, 10, 10}, {-20, -20, 5, 5}).empty());
}

}  // namespace
}  // namespace anjungan::ui
