#include "base/buffer.h"

#include <utility>

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(Buffer, KeepsItsMemoryFromUseToUse) {
  BasicBuffer<float> buffer;
  const float* first = buffer.reset(100).data();
  EXPECT_EQ(buffer.reset(50).data(), first);
  EXPECT_EQ(buffer.size(), 50U);
  EXPECT_EQ(buffer.reset(100).data(), first);
  buffer.shrink_above(99);
  EXPECT_EQ(buffer.size(), 0U);
  EXPECT_EQ(buffer.reset(100).size(), 100U);
}

TEST(Buffer, IsEmptyWhenItWasMovedFromAndGoodForMore) {
  BasicBuffer<float> from;
  const float* memory = from.reset(100).data();
  BasicBuffer<float> to = std::move(from);
  EXPECT_EQ(to.data(), memory);
  EXPECT_EQ(to.size(), 100U);
  // NOLINTBEGIN(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(from.size(), 0U);
  from.reset(100)[99] = 1;
  BasicBuffer<float> assigned;
  assigned.reset(7);
  assigned = std::move(from);
  EXPECT_EQ(assigned.span()[99], 1);
  EXPECT_EQ(from.size(), 0U);
  EXPECT_EQ(from.reset(3).size(), 3U);
  // NOLINTEND(bugprone-use-after-move)
}

}  // namespace
}  // namespace pomona
