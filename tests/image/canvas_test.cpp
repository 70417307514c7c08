#include "image/canvas.h"

#include <cmath>

#include <gtest/gtest.h>

#include "pictures.h"

namespace pomona {
namespace {

// The stored place of the displayed pixel (x, y), from the definition of the orientations.
std::pair<int, int> stored_place(int x, int y, int width, int height, Orientation orientation) {
  if (transposes(orientation)) std::swap(x, y);
  if (reverses_columns(orientation)) x = width - 1 - x;
  if (reverses_rows(orientation)) y = height - 1 - y;
  return {x, y};
}

void expect_turned(const Image& image, const std::vector<uint8_t>& stored, int width, int height,
                   Orientation o) {
  const bool swapped = transposes(o);
  ASSERT_EQ(image.width, swapped ? height : width);
  ASSERT_EQ(image.height, swapped ? width : height);
  ASSERT_EQ(image.pixels.size(), stored.size());
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const auto [sx, sy] = stored_place(x, y, width, height, o);
      for (int c = 0; c < 3; ++c) {
        ASSERT_EQ(image.pixels.data()[3 * (y * image.width + x) + c], stored[3 * (sy * width + sx) + c])
            << "orientation " << static_cast<int>(o) << " at " << x << ", " << y;
      }
    }
  }
}

TEST(Canvas, TurnsRowsAndWholePicturesAlike) {
  Canvas canvas;
  Image image;
  for (int value = 1; value <= 8; ++value) {
    const auto orientation = static_cast<Orientation>(value);
    for (const auto& [width, height] : {std::pair{1, 1}, {5, 3}, {3, 16}, {7, 33}, {40, 17}, {30'000, 25}}) {
      const std::vector<uint8_t> stored = testing::pattern(width, height, 3);
      canvas.begin(image, width, height, orientation);
      for (int y = 0; y < height; ++y) {
        std::copy_n(stored.begin() + static_cast<ptrdiff_t>(y) * width * 3, 3 * width, canvas.row(y));
        canvas.finish_row(y);
      }
      expect_turned(image, stored, width, height, orientation);
      std::copy(stored.begin(), stored.end(), canvas.begin_whole(image, width, height, 3, orientation));
      canvas.finish_whole();
      expect_turned(image, stored, width, height, orientation);
    }
  }
}

TEST(Canvas, ATurnedBoxStaysOnThePhoto) {
  const Box box = {0, 0, 9.5F, 4.25F};  // of 10 x 5 pixels
  const auto expect = [&](int value, Box expected) {
    const Box found = oriented_box(box, 10, 5, static_cast<Orientation>(value));
    EXPECT_EQ(found.left, expected.left) << value;
    EXPECT_EQ(found.top, expected.top) << value;
    EXPECT_EQ(found.right, expected.right) << value;
    EXPECT_EQ(found.bottom, expected.bottom) << value;
  };
  expect(1, {0, 0, 9.5F, 4.25F});
  expect(2, {0.5F, 0, 10, 4.25F});
  expect(3, {0.5F, 0.75F, 10, 5});
  expect(4, {0, 0.75F, 9.5F, 5});
  expect(5, {0, 0, 4.25F, 9.5F});
  expect(6, {0.75F, 0, 5, 9.5F});
  expect(7, {0.75F, 0.5F, 5, 10});
  expect(8, {0, 0.5F, 4.25F, 10});
}

TEST(Canvas, AlphaGoesOverWhiteExactly) {
  for (int colour = 0; colour < 256; ++colour) {
    for (int alpha = 0; alpha < 256; ++alpha) {
      const auto c = static_cast<uint8_t>(colour);
      uint8_t pixel[4] = {c, c, c, static_cast<uint8_t>(alpha)};
      over_white(pixel, pixel, 1);
      ASSERT_EQ(pixel[1], std::lround(colour * alpha / 255.0 + 255 - alpha)) << colour << ", " << alpha;
    }
  }
}

}  // namespace
}  // namespace pomona
