#include "image/background.h"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "image/augment.h"

namespace pomona {
namespace {

constexpr int kSize = 64;

bool inside(size_t pixel) {
  const int x = static_cast<int>(pixel) % kSize - kSize / 2;
  const int y = static_cast<int>(pixel) / kSize - kSize / 2;
  return x * x + y * y < 20 * 20;
}

// A red disc with a white spot in its middle, before white.
std::vector<float> cut_out() {
  std::vector<float> pixels(3 * kSize * kSize, 255.0F);
  for (size_t pixel = 0; pixel < kSize * kSize; ++pixel) {
    const int x = static_cast<int>(pixel) % kSize - kSize / 2;
    const int y = static_cast<int>(pixel) / kSize - kSize / 2;
    if (inside(pixel) && x * x + y * y > 5 * 5) pixels[3 * pixel + 1] = pixels[3 * pixel + 2] = 30;
  }
  return pixels;
}

Image picture(const std::vector<float>& pixels) {
  Image image;
  image.width = image.height = kSize;
  image.box = {0, 0, kSize, kSize};
  image.pixels.reset(pixels.size());
  std::ranges::transform(pixels, image.pixels.data(), [](float v) { return static_cast<uint8_t>(v); });
  return image;
}

TEST(Background, TheThingStaysAndTheWhiteAroundItGoes) {
  const auto before = cut_out();
  auto after = before;
  replace_background(after, kSize, 7);
  size_t white = 0;
  for (size_t pixel = 0; pixel < kSize * kSize; ++pixel) {
    const auto same = std::equal(&after[3 * pixel], &after[3 * pixel] + 3, &before[3 * pixel]);
    if (inside(pixel)) {
      EXPECT_TRUE(same) << pixel;  // also the white spot
    } else if (after[3 * pixel] > 250 && after[3 * pixel + 1] > 250 && after[3 * pixel + 2] > 250) {
      ++white;
    }
  }
  EXPECT_LT(white, 200U);
  EXPECT_TRUE(std::ranges::all_of(after, [](float value) { return value >= 0 && value <= 255; }));
}

TEST(Background, ASeedGivesTheSameBitsAndAnotherOneOthers) {
  std::set<std::vector<float>> seen;
  for (const uint64_t seed : {1U, 2U, 3U}) {
    auto one = cut_out();
    auto again = cut_out();
    replace_background(one, kSize, seed);
    replace_background(again, kSize, seed);
    EXPECT_EQ(one, again);
    seen.insert(one);
  }
  EXPECT_EQ(seen.size(), 3U);
}

TEST(Background, AShadowDarkensTheNewBackgroundToo) {
  auto plain = std::vector<float>(3 * kSize * kSize, 255.0F);
  auto shaded = plain;
  for (size_t c = 0; c < 3; ++c) shaded[3 * (30 * kSize + 30) + c] = 235;
  replace_background(plain, kSize, 5);
  replace_background(shaded, kSize, 5);
  for (size_t c = 0; c < 3; ++c) {
    const size_t at = 3 * (30 * kSize + 30) + c;
    EXPECT_FLOAT_EQ(shaded[at], std::max(0.0F, plain[at] - 20));
  }
}

TEST(Background, OnlyPhotosBeforeWhiteAreCutOut) {
  EXPECT_TRUE(is_cut_out(picture(cut_out())));
  auto shop = cut_out();
  for (size_t pixel = 0; pixel < kSize; ++pixel) shop[3 * pixel] = 100;  // a fourth of the edge
  EXPECT_FALSE(is_cut_out(picture(shop)));
  EXPECT_FALSE(is_cut_out(Image{}));
}

TEST(Background, AViewIsTheSameButForItsBackground) {
  const View plain = random_view("abc", 3);
  const View before = random_view("abc", 3, true);
  EXPECT_FALSE(plain.background);
  ASSERT_TRUE(before.background);
  EXPECT_EQ(plain.crop.left, before.crop.left);
  EXPECT_EQ(plain.half_turn, before.half_turn);
  EXPECT_EQ(plain.blur, before.blur);
  EXPECT_NE(before.background, random_view("abc", 4, true).background);
  // A photo that is not cut out is not touched.
  auto pixels = cut_out();
  std::ranges::fill(pixels, 120.0F);
  Image grey = picture(pixels);
  std::vector<uint8_t> one(3 * 32 * 32);
  std::vector<uint8_t> other(3 * 32 * 32);
  Augmenter augmenter(32);
  augmenter.apply(grey, plain, one);
  augmenter.apply(grey, before, other);
  EXPECT_EQ(one, other);
  Image disc = picture(cut_out());
  augmenter.apply(disc, plain, one);
  augmenter.apply(disc, before, other);
  EXPECT_NE(one, other);
}

}  // namespace
}  // namespace pomona
