#include "report/points.h"

#include <cmath>

#include <gtest/gtest.h>
#include <zlib.h>

namespace pomona::report {
namespace {

std::string inflate_raw(std::string_view bytes) {
  z_stream stream = {};
  EXPECT_EQ(inflateInit2(&stream, -MAX_WBITS), Z_OK);
  std::string out(1 << 22, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Points, EachPathBlockInflatesByItself) {
  PathBlocks blocks;
  const size_t count = 2 * kPathsPerBlock + 3;
  const auto path = [](size_t i) { return "Pomme d’été/" + std::to_string(i * 31) + "\n.jpg"; };
  for (size_t i = 0; i < count; ++i) blocks.append(path(i));
  blocks.finish();
  const auto& offsets = blocks.offsets();
  ASSERT_EQ(offsets.size(), 4);
  EXPECT_EQ(offsets.back(), blocks.bytes().size());
  size_t i = 0;
  for (size_t block = 0; block + 1 < offsets.size(); ++block) {
    const std::string text = inflate_raw(
        std::string_view(blocks.bytes()).substr(offsets[block], offsets[block + 1] - offsets[block]));
    const size_t rows = std::min(kPathsPerBlock, count - i);
    std::string expected;
    for (size_t row = 0; row < rows; ++row, ++i) expected += (row > 0 ? std::string(1, '\0') : "") + path(i);
    EXPECT_EQ(text, expected);
  }
  EXPECT_EQ(i, count);
}

TEST(Points, QuantisedValuesAreWithinHalfAStep) {
  std::vector<float> values;
  for (int i = 0; i < 1000; ++i) values.push_back(std::sin(static_cast<float>(i) * 0.7F) * 40 - 3);
  const Quantised quantised = quantise(values);
  const double step = (static_cast<double>(quantised.max) - quantised.min) / 65535;
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(quantised.min + step * quantised.steps[i], values[i], step * 0.501);
  }
  EXPECT_EQ(quantise({2.5F, 2.5F}).steps, (std::vector<uint16_t>{0, 0}));
  EXPECT_TRUE(quantise({}).steps.empty());
}

TEST(Points, ComponentsFitTheirBudget) {
  EXPECT_EQ(shipped_components(15'506, 300), 16);
  EXPECT_EQ(shipped_components(15'506, 3), 3);
  EXPECT_EQ(shipped_components(1'000'000, 300), 8);
  EXPECT_EQ(shipped_components(100'000'000, 300), 2);
}

TEST(EvenSample, ChoosesJustSoManyWithEvenGaps) {
  for (const auto& [total, wanted] :
       std::vector<std::pair<uint64_t, uint64_t>>{{10, 3}, {15'506, 2'000}, {5, 9}, {7, 0}, {0, 4}}) {
    const EvenSample sample(total, wanted);
    uint64_t chosen = 0;
    uint64_t gap = 0;
    uint64_t longest = 0;
    for (uint64_t i = 0; i < total; ++i) {
      ++gap;
      if (!sample.chosen(i)) continue;
      EXPECT_EQ(sample.rank(i), chosen);
      ++chosen;
      longest = std::max(longest, std::exchange(gap, 0));
    }
    EXPECT_EQ(chosen, std::min(total, wanted));
    EXPECT_EQ(chosen, sample.size());
    if (chosen > 0) {
      EXPECT_LE(longest, (total + chosen - 1) / chosen);
    }
  }
}

}  // namespace
}  // namespace pomona::report
