#include "image/sniff.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "pictures.h"

namespace pomona {
namespace {

using namespace std::string_view_literals;

Sniffed sniff_text(std::string_view text) { return sniff(std::as_bytes(std::span(text))); }

TEST(Sniff, KnowsTheFormatsThatAreRead) {
  EXPECT_EQ(sniff(testing::make_jpeg(8, 8)).format, Format::jpeg);
  EXPECT_EQ(sniff(testing::make_png(8, 8, PNG_COLOR_TYPE_RGB)).format, Format::png);
  EXPECT_EQ(sniff(testing::make_webp(8, 8, true, false)).format, Format::webp);
}

TEST(Sniff, NamesTheFormatsThatAreNotRead) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"GIF89a"sv, "GIF"},
      {"\0\0\0\x1C"
       "ftypavif\0\0\0\0"sv,
       "AVIF"},
      {"\0\0\0\x1C"
       "ftypheic\0\0\0\0"sv,
       "HEIC (HEIF)"},
      {"II\x2A\0\x08\0\0\0"sv, "TIFF or a camera's raw format"},
      {"II\x2A\0\x10\0\0\0CR\x02\0"sv, "CR2 (Canon raw)"},
      {"8BPS\0\x01"sv, "PSD (Photoshop)"},
      {"%PDF-1.7"sv, "PDF"},
      {"qoif"sv, "QOI"},
      {"P6 20 20 255\n"sv, "Netpbm (PBM, PGM, PPM, PNM)"},
      {"\xEF\xBB\xBF  <svg>"sv, "SVG"},
      {"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"sv, "BMP"},
  };
  for (const auto& [text, name] : cases) {
    EXPECT_EQ(sniff_text(text).format, Format::other) << name;
    EXPECT_EQ(sniff_text(text).name, name);
  }
}

TEST(Sniff, TextIsNoImage) {
  for (const std::string_view text :
       {"BMW"sv, "P1"sv, "Pears"sv, "RIFF\0\0\0\0WAVE"sv, "<?xml version='1.0'?><html/>"sv, ""sv, "\0"sv}) {
    EXPECT_EQ(sniff_text(text).format, Format::unknown) << text;
  }
}

}  // namespace
}  // namespace pomona
