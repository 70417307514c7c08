#include "classify/rows.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona {
namespace {

std::vector<float> read(const Rows& rows, size_t first, size_t n) {
  std::vector<float> buffer;
  const auto values = rows.read(first, n, buffer);
  return {values.begin(), values.end()};
}

TEST(MatrixRows, HandOutTheirOwnMemory) {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  const MatrixRows rows(values, 2);
  std::vector<float> buffer;
  EXPECT_EQ(rows.read(1, 2, buffer).data(), &values[2]);
  EXPECT_TRUE(buffer.empty());
  EXPECT_THROW(MatrixRows(values, 4), Error);
}

TEST(SelectedRows, AreThoseThatWereAskedFor) {
  const std::vector<float> values = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4};
  const MatrixRows rows(values, 2);
  const std::vector<size_t> indices = {4, 0, 1, 2, 3};
  const SelectedRows selected(rows, indices);
  EXPECT_EQ(gather(selected), (std::vector<float>{4, 4, 0, 0, 1, 1, 2, 2, 3, 3}));
  EXPECT_EQ(read(selected, 1, 3), (std::vector<float>{0, 0, 1, 1, 2, 2}));
  EXPECT_EQ(read(selected, 0, 2), (std::vector<float>{4, 4, 0, 0}));
  EXPECT_TRUE(read(selected, 2, 0).empty());
}

TEST(SelectedRows, NeedNotBeInOrderToBeWhole) {
  const std::vector<float> values = {0, 1, 2};
  const MatrixRows rows(values, 1);
  const std::vector<size_t> indices = {0, 2, 1};
  // The first and the last fit a run of three, the middle does not.
  EXPECT_EQ(gather(SelectedRows(rows, indices)), (std::vector<float>{0, 2, 1}));
}

}  // namespace
}  // namespace pomona
