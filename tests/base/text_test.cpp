#include "base/text.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(Text, GroupsDigits) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(1234567), "1,234,567");
  EXPECT_EQ(counted(0, "photo"), "0 photos");
  EXPECT_EQ(counted(1, "photo"), "1 photo");
  EXPECT_EQ(counted(2000, "photo"), "2,000 photos");
}

TEST(Text, ReadsSizes) {
  EXPECT_EQ(parse_bytes("50MB"), 50'000'000);
  EXPECT_EQ(parse_bytes("1.5 GiB"), 1'610'612'736);
  EXPECT_EQ(parse_bytes("1000"), 1000);
  EXPECT_EQ(parse_bytes("-1"), std::nullopt);
  EXPECT_EQ(parse_bytes("50 apples"), std::nullopt);
  EXPECT_EQ(parse_bytes(""), std::nullopt);
}

TEST(Text, SuggestsWhatWasMeant) {
  const std::vector<std::string> words = {"--threads", "--precision", "--network"};
  EXPECT_EQ(nearest("--thread", words), "--threads");
  EXPECT_EQ(nearest("--presicion", words), "--precision");
  EXPECT_EQ(nearest("--banana", words), std::nullopt);
}

TEST(Text, WritesNumbersAsRanges) {
  EXPECT_EQ(number_ranges({}, 3), "");
  const std::vector<uint64_t> numbers = {0, 1, 2, 3, 7, 9, 10, 20};
  EXPECT_EQ(number_ranges(numbers, 4), "0-3, 7, 9-10, 20");
  EXPECT_EQ(number_ranges(numbers, 2), "0-3, 7, ...");
}

TEST(Text, KeepsUtf8AndSpellsOutOtherBytes) {
  EXPECT_TRUE(is_utf8("pêche/桃.jpg"));
  EXPECT_FALSE(is_utf8("p\xE9"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));  // a surrogate
  EXPECT_FALSE(is_utf8("\xC0\xAF"));      // an overlong slash
  EXPECT_EQ(to_utf8("p\xE9"
                    "che"),
            "p\\xE9che");
  EXPECT_EQ(to_utf8("pêche"), "pêche");
}

}  // namespace
}  // namespace pomona
