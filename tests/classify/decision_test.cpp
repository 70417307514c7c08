#include "classify/decision.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "classify/folds.h"
#include "classify/novelty.h"
#include "classify/temperature.h"

namespace pomona {
namespace {

TEST(Decide, PutsNoveltyBeforeProbability) {
  const std::vector<double> probabilities = {0.2, 0.8};
  const Thresholds thresholds{.novelty = 1, .probability = 0.9};
  EXPECT_EQ(decide(probabilities, 2, thresholds).verdict, Verdict::not_a_fruit);
  EXPECT_EQ(decide(probabilities, 1, thresholds).verdict, Verdict::uncertain);
  EXPECT_EQ(decide(probabilities, 1, {.novelty = 1, .probability = 0.8}).verdict, Verdict::known);
}

TEST(Decide, RanksTiesByClass) {
  const std::vector<double> probabilities = {0.2, 0.3, 0.2, 0.3};
  const Answer answer = decide(probabilities, 0, {}, 4);
  ASSERT_EQ(answer.ranking.size(), 4U);
  EXPECT_EQ(answer.ranking[0].label, 1U);
  EXPECT_EQ(answer.ranking[1].label, 3U);
  EXPECT_EQ(answer.ranking[2].label, 0U);
  EXPECT_EQ(decide(probabilities, 0, {}, 0).ranking.size(), 1U);
  EXPECT_EQ(decide(probabilities, 0, {}, 9).ranking.size(), 4U);
}

TEST(Thresholds, OfProbabilityRejectsTheLeastSure) {
  std::vector<double> probabilities;
  for (int i = 0; i <= 100; ++i) probabilities.push_back(i / 100.0);
  EXPECT_NEAR(probability_threshold(probabilities, 0.05), 0.05, 1e-12);
}

TEST(Thresholds, NeedHeldBackPhotos) {
  EXPECT_THROW(rejection_threshold({}, 0.05), Error);
  EXPECT_THROW(rejection_threshold(std::vector<double>{1}, 1.5), Error);
  EXPECT_THROW(fit_temperature({}, {}), Error);
  EXPECT_THROW(vim_weight({}, {}), Error);
  EXPECT_THROW(plan_folds(std::vector<uint32_t>(3), std::vector<uint64_t>(3), 1), Error);
  EXPECT_THROW(plan_folds(std::vector<uint32_t>(3), std::vector<uint64_t>(2), 5), Error);
}

}  // namespace
}  // namespace pomona
