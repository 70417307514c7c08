#include "report/sprite.h"

#include <array>
#include <filesystem>

#include <gtest/gtest.h>

#include "image/jpeg_encoder.h"
#include "report/thumbnails.h"

namespace pomona::report {
namespace {

using Colour = std::array<uint8_t, 3>;

Thumbnail plain(int width, int height, Colour colour) {
  Thumbnail thumbnail{width, height, {}};
  for (int i = 0; i < width * height; ++i)
    thumbnail.pixels.insert(thumbnail.pixels.end(), colour.begin(), colour.end());
  return thumbnail;
}

Image image_of(const Thumbnail& from) {
  Image image;
  image.width = from.width;
  image.height = from.height;
  image.box = {0, 0, static_cast<float>(from.width), static_cast<float>(from.height)};
  std::ranges::copy(from.pixels, image.pixels.reset(from.pixels.size()).begin());
  return image;
}

Colour pixel(std::span<const uint8_t> rgb, size_t width, size_t x, size_t y) {
  const uint8_t* at = rgb.data() + 3 * (y * width + x);
  return {at[0], at[1], at[2]};
}

void expect_near(const Colour& actual, const Colour& expected, int tolerance) {
  for (size_t c = 0; c < 3; ++c) EXPECT_NEAR(actual[c], expected[c], tolerance);
}

TEST(Sprite, ThumbnailsKeepProportionsAndSmallPhotosTheirSize) {
  const auto size_of = [](int width, int height) {
    const Thumbnail thumbnail = make_thumbnail(image_of(plain(width, height, {10, 200, 30})));
    EXPECT_EQ(thumbnail.pixels.size(), size_t{3} * thumbnail.width * thumbnail.height);
    expect_near(pixel(thumbnail.pixels, thumbnail.width, 0, 0), {10, 200, 30}, 0);
    return std::pair(thumbnail.width, thumbnail.height);
  };
  EXPECT_EQ(size_of(400, 400), std::pair(kTile, kTile));
  EXPECT_EQ(size_of(400, 100), std::pair(kTile, kTile / 4));
  EXPECT_EQ(size_of(30, 20), std::pair(30, 20));
  EXPECT_EQ(size_of(1000, 1), std::pair(kTile, 1));
}

TEST(Sprite, TheAverageIsTheMean) {
  const Thumbnail black = plain(kTile, kTile, {0, 0, 0});
  const Thumbnail low = plain(kTile, kTile / 2, {100, 0, 255});
  const Thumbnail mean = average({&black, &low});
  expect_near(pixel(mean.pixels, kTile, 40, 40), {50, 0, 128}, 0);
  expect_near(pixel(mean.pixels, kTile, 40, 2), {128, 128, 128}, 0);  // above the low one: white and black
  EXPECT_EQ(average({}).width, 0);
}

TEST(Sprite, EveryTileStandsInItsPlace) {
  std::vector<Thumbnail> thumbnails;
  for (int i = 0; i < 7; ++i)
    thumbnails.push_back(plain(40 + i, 80 - i, {static_cast<uint8_t>(30 * i), 90, 200}));
  const Sprite sprite = make_sprite(thumbnails);
  ASSERT_EQ(sprite.columns, 3);
  Decoder decoder({});
  Image sheet;
  ImageHeader header;
  ASSERT_FALSE(decoder.decode(std::as_bytes(std::span(sprite.jpeg)), sheet, header));
  ASSERT_EQ(sheet.width, 3 * kTile);
  ASSERT_EQ(sheet.height, 3 * kTile);
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(sprite.sizes[2 * i], 40 + i);
    EXPECT_EQ(sprite.sizes[2 * i + 1], 80 - i);
    const size_t left = i % 3 * kTile;
    const size_t top = i / 3 * kTile;
    expect_near(pixel(sheet.pixels.span(), sheet.width, left + 20, top + 30),
                {static_cast<uint8_t>(30 * i), 90, 200}, 3);
    expect_near(pixel(sheet.pixels.span(), sheet.width, left + 75, top + 40), {255, 255, 255}, 3);
  }
  EXPECT_TRUE(make_sprite({}).jpeg.empty());
}

class ThumbnailFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("pomona-thumbnails-" + std::to_string(getpid()));
    storage_ = open_storage(folder_.string());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  ObjectInfo write(const std::string& key, std::span<const std::byte> bytes) {
    storage_->write(key, bytes);
    return storage_->stat(key).value();
  }

  std::filesystem::path folder_;
  std::unique_ptr<Storage> storage_;
};

TEST_F(ThumbnailFiles, ADamagedPhotoShowsItsBeginningOnGreyAndNothingOfTheOneBefore) {
  // The noise makes the file long, so that half of it is half of the picture.
  Thumbnail red = plain(400, 400, {220, 20, 20});
  for (size_t i = 0; i < red.pixels.size(); ++i)
    red.pixels[i] = static_cast<uint8_t>(red.pixels[i] + i * 7919 % 23);
  JpegEncoder encoder(92);
  const auto jpeg = encoder.encode(red.pixels, 400, 400);
  const std::vector<std::byte> half(jpeg.begin(), jpeg.begin() + static_cast<ptrdiff_t>(jpeg.size() / 2));
  JpegEncoder other(92);
  const auto blue = other.encode(plain(400, 400, {0, 0, 255}).pixels, 400, 400);
  const std::vector<std::optional<ObjectInfo>> objects = {write("blue.jpg", blue), write("half.jpg", half),
                                                          std::nullopt, ObjectInfo{"gone.jpg", 10, "1"}};
  const auto strict = read_thumbnails(*storage_, objects, {}, false, 1);
  EXPECT_EQ(strict[0].width, kTile);
  EXPECT_EQ(strict[1].width, 0);
  const auto lenient = read_thumbnails(*storage_, objects, {}, true, 1);
  ASSERT_EQ(lenient[1].width, kTile);
  expect_near(pixel(lenient[1].pixels, kTile, 40, 10), {228, 31, 31}, 12);
  const Colour below = pixel(lenient[1].pixels, kTile, 40, 75);
  EXPECT_NEAR(below[0], below[2], 3) << "grey";
  EXPECT_EQ(lenient[2].width, 0);
  EXPECT_EQ(lenient[3].width, 0);
}

}  // namespace
}  // namespace pomona::report
