#include "image/augment.h"

#include <numeric>
#include <string>

#include <gtest/gtest.h>

namespace pomona {
namespace {

constexpr int kSize = 32;
const std::string kHash(64, 'a');

// A gradient: red to the right, green downwards.
Image gradient() {
  Image image;
  image.width = 100;
  image.height = 80;
  image.box = {0, 0, 100, 80};
  uint8_t* pixel = image.pixels.reset(3 * 100 * 80).data();
  for (int y = 0; y < 80; ++y) {
    for (int x = 0; x < 100; ++x) {
      *pixel++ = static_cast<uint8_t>(2 * x);
      *pixel++ = static_cast<uint8_t>(2 * y);
      *pixel++ = 60;
    }
  }
  return image;
}

std::vector<uint8_t> seen(const View& view) {
  Image image = gradient();
  std::vector<uint8_t> out(3 * kSize * kSize);
  Augmenter(kSize).apply(image, view, out);
  return out;
}

View plain() {
  View view;
  view.crop = {0, 0, 1, 1};
  return view;
}

double mean(const std::vector<uint8_t>& pixels, size_t channel) {
  double sum = 0;
  for (size_t at = channel; at < pixels.size(); at += 3) sum += pixels[at];
  return sum / (kSize * kSize);
}

TEST(RandomView, IsTheSameForTheSamePhotoAndNumber) {
  EXPECT_EQ(seen(random_view(kHash, 3)), seen(random_view(kHash, 3)));
  EXPECT_NE(seen(random_view(kHash, 3)), seen(random_view(kHash, 4)));
  EXPECT_NE(seen(random_view(kHash, 3)), seen(random_view(std::string(64, 'b'), 3)));
}

TEST(RandomView, KeepsHalfOfTheAreaAndSpansWhatItPromises) {
  int mirrored = 0;
  int blurred = 0;
  double area = 0;
  constexpr int kViews = 2000;
  for (uint32_t number = 1; number <= kViews; ++number) {
    const View view = random_view(kHash, number);
    const Box& crop = view.crop;
    ASSERT_GE(crop.left, 0);
    ASSERT_GE(crop.top, 0);
    ASSERT_LE(crop.right, 1);
    ASSERT_LE(crop.bottom, 1);
    const double part =
        static_cast<double>(crop.right - crop.left) * static_cast<double>(crop.bottom - crop.top);
    ASSERT_GE(part, 0.499);
    area += part;
    mirrored += view.mirror ? 1 : 0;
    blurred += view.blur > 0 ? 1 : 0;
  }
  EXPECT_NEAR(area / kViews, 0.75, 0.02);
  EXPECT_NEAR(mirrored, kViews / 2, 100);
  EXPECT_NEAR(blurred, 0.3 * kViews, 100);
}

TEST(Augmenter, ThePlainViewIsTheResizedPhoto) {
  const Image image = gradient();
  std::vector<uint8_t> resized(3 * kSize * kSize);
  Resizer(kSize, kSize).resize(image, resized);
  EXPECT_EQ(seen(plain()), resized);
}

TEST(Augmenter, MirrorTurnsRowsRound) {
  View view = plain();
  view.mirror = true;
  const auto straight = seen(plain());
  const auto mirrored = seen(view);
  for (size_t y = 0; y < kSize; ++y) {
    for (size_t x = 0; x < kSize; ++x) {
      ASSERT_EQ(mirrored[3 * (y * kSize + x)], straight[3 * (y * kSize + kSize - 1 - x)]);
    }
  }
}

TEST(Augmenter, LeavesThePhotoAsItWas) {
  Image image = gradient();
  std::vector<uint8_t> out(3 * kSize * kSize);
  Augmenter(kSize).apply(image, random_view(kHash, 1), out);
  EXPECT_EQ(image.box.left, 0);
  EXPECT_EQ(image.box.right, 100);
  EXPECT_EQ(image.box.bottom, 80);
}

TEST(Augmenter, LightCropAndTurnDoWhatTheySay) {
  View brighter = plain();
  for (float& gain : brighter.gains) gain = 1.2F;
  EXPECT_NEAR(mean(seen(brighter), 2), 72, 0.6);
  View right = plain();
  right.crop = {0.5F, 0, 1, 1};
  EXPECT_NEAR(mean(seen(right), 0), 149, 1.5);  // the mean of 2 * x over the right half
  View turned = plain();
  turned.half_turn = 0.1F;
  EXPECT_NEAR(mean(seen(turned), 0), mean(seen(plain()), 0), 2);  // about the centre
  EXPECT_NE(seen(turned), seen(plain()));
  View grey = plain();
  grey.saturation = 0;
  const auto pixels = seen(grey);
  for (size_t at = 0; at < pixels.size(); at += 3) ASSERT_EQ(pixels[at], pixels[at + 2]);
}

}  // namespace
}  // namespace pomona
