#include "image/exif.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace pomona {
namespace {

using testing::Bytes;
using testing::make_exif;

Bytes changed(Bytes bytes, size_t at, uint8_t value) {
  bytes[at] = static_cast<std::byte>(value);
  return bytes;
}

TEST(Exif, ReadsBothByteOrders) {
  for (uint8_t value = 1; value <= 8; ++value) {
    EXPECT_EQ(exif_orientation(make_exif(value)), static_cast<Orientation>(value));
    EXPECT_EQ(exif_orientation(make_exif(value, true)), static_cast<Orientation>(value));
  }
}

TEST(Exif, SkipsThePrefixOnceAndTwice) {
  const Bytes prefix = testing::to_bytes("Exif\0\0", 6);
  Bytes bytes = make_exif(5);
  for (int i = 0; i < 2; ++i) {
    bytes.insert(bytes.begin(), prefix.begin(), prefix.end());
    EXPECT_EQ(exif_orientation(bytes), Orientation::left_top);
  }
}

TEST(Exif, AValueThatIsNoneOfTheEightIsAsStored) {
  EXPECT_EQ(exif_orientation(make_exif(0)), Orientation::top_left);
  EXPECT_EQ(exif_orientation(make_exif(9)), Orientation::top_left);
  EXPECT_EQ(exif_orientation(changed(make_exif(6), 14, 2)), Orientation::top_left);  // two values
  EXPECT_EQ(exif_orientation(changed(make_exif(6), 12, 2)), Orientation::top_left);  // text
}

TEST(Exif, WhatCannotBeReadIsAbsent) {
  const Bytes whole = make_exif(6);
  for (size_t length = 0; length < 22; ++length) {
    EXPECT_EQ(exif_orientation(std::span(whole).first(length)), std::nullopt) << length;
  }
  EXPECT_EQ(exif_orientation(changed(whole, 0, 'X')), std::nullopt);
  EXPECT_EQ(exif_orientation(changed(whole, 7, 0xFF)), std::nullopt);   // a directory far behind the end
  EXPECT_EQ(exif_orientation(changed(whole, 10, 0x13)), std::nullopt);  // another tag
}

TEST(Exif, ReadsXmp) {
  EXPECT_EQ(xmp_orientation(R"(<rdf:Description tiff:Orientation="6"/>)"), Orientation::right_top);
  EXPECT_EQ(xmp_orientation("<tiff:Orientation>8</tiff:Orientation>"), Orientation::left_bottom);
  EXPECT_EQ(xmp_orientation(R"(tiff:Orientation='6')"), std::nullopt);
  EXPECT_EQ(xmp_orientation("tiff:Orientation"), std::nullopt);
  EXPECT_EQ(xmp_orientation(R"(tiff:Orientation="0")"), Orientation::top_left);
}

}  // namespace
}  // namespace pomona
