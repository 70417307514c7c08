#include "job/stored_rows.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona {
namespace {

constexpr size_t kRows = 50;
constexpr size_t kDimension = 7;

std::vector<float> numbers() {
  std::vector<float> values(kRows * kDimension);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  return values;
}

// In memory and in a file, the same rows come back.
class StoredRowsTest : public ::testing::TestWithParam<size_t> {};

TEST_P(StoredRowsTest, GivesBackWhatWasWrittenInAnyOrder) {
  const auto values = numbers();
  const std::string folder = std::filesystem::temp_directory_path().string();
  StoredRows rows(kRows, kDimension, GetParam(), folder);
  for (const size_t first : {30U, 0U, 10U, 40U, 20U}) {
    rows.write(first, std::span(values).subspan(first * kDimension, 10 * kDimension));
  }
  EXPECT_EQ(gather(rows), values);
  std::vector<float> buffer;
  const auto some = rows.read(13, 5, buffer);
  EXPECT_EQ(std::vector<float>(some.begin(), some.end()),
            std::vector<float>(values.begin() + 13 * kDimension, values.begin() + 18 * kDimension));
}

INSTANTIATE_TEST_SUITE_P(MemoryLimits, StoredRowsTest, ::testing::Values(0, 1'000'000));

TEST(StoredRows, SaysWhereAFolderCannotHoldThem) {
  EXPECT_THROW(StoredRows(kRows, kDimension, 0, "/nowhere/at/all"), Error);
}

TEST_P(StoredRowsTest, OfASampleKeepTheNumbersOfTheWhole) {
  SampledRows rows(100, 2, {3, 4, 90}, GetParam(), ::testing::TempDir());
  rows.write(1, std::vector<float>{5, 6});
  rows.write(2, std::vector<float>{6, 7});
  std::vector<float> buffer;
  EXPECT_EQ(rows.count(), 100U);
  EXPECT_EQ(rows.read(3, 2, buffer)[2], 5);
  EXPECT_EQ(rows.read(90, 1, buffer)[1], 7);
  EXPECT_THROW(rows.read(5, 1, buffer), Error);
  EXPECT_THROW(rows.read(4, 2, buffer), Error);
  EXPECT_THROW(rows.read(91, 1, buffer), Error);
}

}  // namespace
}  // namespace pomona
