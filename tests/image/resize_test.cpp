// Equality with Pillow is tested in tests/python/test_image_resize.py; here, that all forms are one and the
// bounds are kept.
#include "image/resize.h"

#include <numeric>

#include <gtest/gtest.h>

#include "base/error.h"
#include "image/taps.h"
#include "pictures.h"

namespace pomona {
namespace {

Image make_image(int width, int height) {
  Image image;
  image.width = width;
  image.height = height;
  image.box = {0, 0, static_cast<float>(width), static_cast<float>(height)};
  const std::vector<uint8_t> samples = testing::pattern(width, height, 3);
  std::copy(samples.begin(), samples.end(), image.pixels.reset(samples.size()).begin());
  return image;
}

std::vector<uint8_t> resized(const Image& image, int width, int height, const std::string& target = {}) {
  std::vector<uint8_t> out(3 * static_cast<size_t>(width) *
                           height);  // exactly: a byte too many is seen by ASan
  Resizer(width, height, target).resize(image, out);
  return out;
}

TEST(Resize, EveryTargetGivesThePortableBytes) {
  const int sides[] = {1, 2, 3, 7, 16, 31, 100, 257};
  for (const int width : sides) {
    for (const int height : sides) {
      const Image image = make_image(width, height);
      for (const auto& [w, h] :
           {std::pair{1, 1}, {5, 64}, {33, 2}, {100, 100}, {width, 9}, {9, height}, {width, height}}) {
        const std::vector<uint8_t> expected = resized(image, w, h, "portable");
        for (const std::string& target : resize_targets()) {
          ASSERT_EQ(resized(image, w, h, target), expected)
              << target << ": " << width << " x " << height << " to " << w << " x " << h;
        }
      }
    }
  }
}

TEST(Resize, ABoxThatCutsPixelsIsTheSameEverywhere) {
  Image image = make_image(101, 57);
  for (const Box& box : {Box{0, 0, 100.5F, 56.25F}, Box{0.5F, 0.75F, 101, 57}, Box{30, 20, 31, 21}}) {
    image.box = box;
    const std::vector<uint8_t> expected = resized(image, 40, 30, "portable");
    for (const std::string& target : resize_targets()) EXPECT_EQ(resized(image, 40, 30, target), expected);
  }
}

TEST(Resize, OneResizerServesPhotosOfAllSizes) {
  Resizer resizer(50, 40);
  std::vector<uint8_t> out(size_t{3} * 50 * 40);
  for (const int side : {100, 30, 100, 50, 1}) {
    const Image image = make_image(side, side + 3);
    resizer.resize(image, out);
    EXPECT_EQ(out, resized(image, 50, 40));
  }
}

TEST(Resize, AFlatColourStaysFlat) {
  Image image = make_image(90, 70);
  std::ranges::fill(image.pixels.span(), uint8_t{201});
  for (const uint8_t sample : resized(image, 224, 31)) ASSERT_EQ(sample, 201);
}

TEST(Resize, RefusesWhatCannotBe) {
  EXPECT_THROW(Resizer(0, 5), Error);
  EXPECT_THROW(Resizer(5, -1), Error);
  EXPECT_THROW(Resizer(5, 5, "mmx"), Error);
  EXPECT_EQ(resize_targets().back(), "portable");
  std::vector<uint8_t> small(10);
  EXPECT_THROW(Resizer(2, 2).resize(make_image(3, 3), small), Error);
  std::vector<uint8_t> enough(12);
  EXPECT_THROW(Resizer(2, 2).resize(Image(), enough), Error);
}

TEST(Taps, AddUpToOneAndStayInside) {
  Taps taps;
  for (const auto& [in, out] : {std::pair{100, 224}, {348, 224}, {1, 10}, {10, 1}, {4000, 224}, {3, 7}}) {
    make_taps(in, 0, static_cast<float>(in), out, taps);
    for (int i = 0; i < out; ++i) {
      EXPECT_GE(taps.first[i], 0);
      EXPECT_LE(taps.first[i] + taps.count[i], in);
      const auto begin = taps.weights.begin() + static_cast<ptrdiff_t>(i) * taps.stride;
      const int sum = std::accumulate(begin, begin + taps.stride, 0);
      EXPECT_NEAR(sum, 1 << kWeightBits, taps.count[i]);
    }
  }
}

TEST(Taps, PairsAreTheWeights) {
  Taps taps;
  make_taps(348, 0, 348, 224, taps);
  for (size_t i = 0; i < taps.weights.size(); i += 2) {
    for (const int half : {0, 1}) {
      const auto part = [&](int32_t pair) { return static_cast<int16_t>(half == 0 ? pair : pair >> 16); };
      EXPECT_GE(part(taps.pairs[i + 1]), 0);
      EXPECT_EQ(part(taps.pairs[i]) * (1 << kLowBits) + part(taps.pairs[i + 1]), taps.weights[i + half]);
    }
  }
}

}  // namespace
}  // namespace pomona
