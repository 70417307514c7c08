#include "image/decode.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace pomona {
namespace {

using testing::Bytes;

Reason reason_of(const MaybeReject& rejected) {
  EXPECT_TRUE(rejected.has_value());
  return rejected ? rejected->reason : Reason::not_finite;
}

struct Decoded {
  MaybeReject rejected;
  Image image;
  ImageHeader header;
};

Decoded decode(const Bytes& file, const DecodeSettings& settings = {}) {
  Decoded result;
  Decoder decoder(settings);
  result.rejected = decoder.decode(file, result.image, result.header);
  return result;
}

std::vector<uint8_t> copy(const Image& image) {
  return {image.pixels.span().begin(), image.pixels.span().end()};
}

TEST(Decode, GivesThePixelsOfALosslessPicture) {
  for (const Bytes& file :
       {testing::make_png(13, 9, PNG_COLOR_TYPE_RGB), testing::make_webp(13, 9, true, false)}) {
    const Decoded decoded = decode(file);
    ASSERT_FALSE(decoded.rejected) << decoded.rejected->detail;
    EXPECT_EQ(decoded.image.width, 13);
    EXPECT_EQ(decoded.image.height, 9);
    EXPECT_EQ(copy(decoded.image), testing::pattern(13, 9, 3));
  }
}

TEST(Decode, HeaderIsTheDisplayedSizeEvenOfScaledAndRejectedPhotos) {
  const Bytes file = testing::with_jpeg_exif(testing::make_jpeg(101, 51), testing::make_exif(6));
  Decoded decoded = decode(file);
  EXPECT_STREQ(decoded.header.format, "JPEG");
  EXPECT_EQ(decoded.header.width, 51);
  EXPECT_EQ(decoded.header.height, 101);
  EXPECT_EQ(decoded.image.width, 51);

  decoded = decode(file, {.scaled_size = 10});  // 51 / 20 allows one half
  EXPECT_EQ(decoded.header.width, 51);
  EXPECT_EQ(decoded.image.width, 26);
  EXPECT_EQ(decoded.image.height, 51);
  EXPECT_EQ(decoded.image.box.left, 0.5F);  // stored rows were reversed, and 25.5 of the 26 are the photo
  EXPECT_EQ(decoded.image.box.right, 26.0F);
  EXPECT_EQ(decoded.image.box.bottom, 50.5F);

  decoded = decode(file, {.max_pixels = 101 * 51 - 1});
  EXPECT_EQ(reason_of(decoded.rejected), Reason::too_many_pixels);
  EXPECT_EQ(decoded.header.height, 101);
}

TEST(Decode, ScalesOnlyWhereTheMarginIsKept) {
  const Bytes file = testing::make_jpeg(160, 320);
  const auto width_at = [&](int size, double margin) {
    return decode(file, {.scaled_size = size, .scaled_margin = margin}).image.width;
  };
  EXPECT_EQ(width_at(0, 2.0), 160);
  EXPECT_EQ(width_at(41, 2.0), 160);
  EXPECT_EQ(width_at(40, 2.0), 80);
  EXPECT_EQ(width_at(20, 2.0), 40);
  EXPECT_EQ(width_at(10, 2.0), 20);
  EXPECT_EQ(width_at(1, 2.0), 20);  // never below one eighth
  EXPECT_EQ(width_at(40, 1.0), 40);
}

TEST(Decode, NamesWhatIsWrong) {
  EXPECT_EQ(reason_of(decode({}).rejected), Reason::empty);
  const Bytes jpeg = testing::make_jpeg(33, 21);
  EXPECT_EQ(reason_of(decode(jpeg, {.max_bytes = jpeg.size() - 1}).rejected), Reason::too_many_bytes);
  EXPECT_FALSE(decode(jpeg, {.max_bytes = jpeg.size()}).rejected);
  EXPECT_EQ(reason_of(decode(testing::to_bytes("GIF89a....", 10)).rejected), Reason::unsupported_format);
  EXPECT_EQ(reason_of(decode(testing::to_bytes("apples", 6)).rejected), Reason::not_an_image);
}

// One decoder, a bad file of every kind between two good ones: the good ones come out as from a new decoder.
TEST(Decode, GoesOnAfterAnyBadFile) {
  const Bytes good[] = {testing::make_jpeg(33, 21), testing::make_png(13, 9, PNG_COLOR_TYPE_RGB_ALPHA),
                        testing::make_webp(21, 13, false, true)};
  Decoder decoder({});
  Image image;
  ImageHeader header;
  for (const Bytes& bad_source : good) {
    for (size_t length = 0; length < bad_source.size(); length += 7) {
      const Bytes bad(bad_source.begin(), bad_source.begin() + static_cast<ptrdiff_t>(length));
      EXPECT_TRUE(decoder.decode(bad, image, header));
      EXPECT_EQ(image.width, 0);
      EXPECT_EQ(image.pixels.size(), 0);
      const Bytes& next = good[length % 3];
      ASSERT_FALSE(decoder.decode(next, image, header));
      EXPECT_EQ(copy(image), copy(decode(next).image));
    }
  }
}

// The tables of one JPEG must not help another that lacks them.
TEST(Decode, NoTablesPassFromPhotoToPhoto) {
  const Bytes whole = testing::make_jpeg(33, 21);
  Bytes bare(whole.begin(), whole.begin() + 2);
  for (size_t at = 2; at + 4 <= whole.size();) {
    const auto marker = std::to_integer<uint8_t>(whole[at + 1]);
    const size_t length =
        2 + (std::to_integer<size_t>(whole[at + 2]) << 8) + std::to_integer<size_t>(whole[at + 3]);
    if (marker == 0xDA) {
      bare.insert(bare.end(), whole.begin() + static_cast<ptrdiff_t>(at), whole.end());
      break;
    }
    if (marker != 0xDB) {  // all but the quantisation tables
      bare.insert(bare.end(), whole.begin() + static_cast<ptrdiff_t>(at),
                  whole.begin() + static_cast<ptrdiff_t>(at + length));
    }
    at += length;
  }
  Decoder decoder({});
  Image image;
  ImageHeader header;
  ASSERT_FALSE(decoder.decode(whole, image, header));
  EXPECT_EQ(reason_of(decoder.decode(bare, image, header)), Reason::corrupt);
}

TEST(Decode, AHugePhotosMemoryIsGivenBack) {
  Decoder decoder({});
  Image image;
  ImageHeader header;
  ASSERT_FALSE(decoder.decode(testing::make_jpeg(5000, 4000, {.channels = 1}), image, header));
  const uint8_t* huge = image.pixels.data();
  ASSERT_FALSE(decoder.decode(testing::make_jpeg(33, 21), image, header));
  EXPECT_NE(image.pixels.data(), huge);
  const uint8_t* small = image.pixels.data();
  ASSERT_FALSE(decoder.decode(testing::make_jpeg(20, 20), image, header));
  EXPECT_EQ(image.pixels.data(), small);  // and a small one's is used again
}

}  // namespace
}  // namespace pomona
