#include "base/threads.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(ParallelFor, VisitsEachIndexOnce) {
  std::vector<std::atomic<int>> visits(1000);
  parallel_for(4, visits.size(), [&](size_t index, size_t worker) {
    EXPECT_LT(worker, 4U);
    ++visits[index];
  });
  for (const auto& count : visits) EXPECT_EQ(count, 1);
}

TEST(ParallelFor, ThrowsWhatTheWorkThrows) {
  EXPECT_THROW(parallel_for(2, 10, [](size_t, size_t) { throw std::runtime_error("no"); }),
               std::runtime_error);
}

TEST(ParallelFor, EndsEarlyWhenAsked) {
  std::stop_source source;
  std::atomic<size_t> calls = 0;
  parallel_for(
      2, 1'000'000,
      [&](size_t, size_t) {
        if (++calls == 10) source.request_stop();
      },
      source.get_token());
  EXPECT_LT(calls, 1000U);
}

}  // namespace
}  // namespace pomona
