#include "report/judged.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona::report {
namespace {

const std::vector<std::string> kClasses = {"Apple", "Pear", "Plum"};
const double kNan = std::nan("");

std::vector<PredictionRow> answers() {
  return {{"a1", "Apple", "Apple", 0.9, 1},
          {"a2", "Apple", "Apple", 0.8, 2},
          {"a3", "Apple", "Pear", 0.7, 9},
          {"p1", "Pear", "Apple", 0.95, 3},
          {"p2", "Pear", "Pear", 0.6, kNan}};
}

uint64_t sum(const std::vector<uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

TEST(Judged, CountsEveryPhotoOnce) {
  const ClassifierReport report = judge(answers(), {}, kClasses, {.novelty = 5}, "evaluation");
  EXPECT_EQ(report.photos, 5U);
  EXPECT_DOUBLE_EQ(report.accuracy, 0.6);
  uint64_t cells = 0;
  for (const ReportConfusion& cell : report.confusion) cells += cell.count;
  EXPECT_EQ(cells, 5U);
  uint64_t bins = 0;
  for (const ReportReliabilityBin& bin : report.reliability) bins += bin.count;
  EXPECT_EQ(bins, 5U);
  EXPECT_EQ(sum(report.novelty->known), 4U) << "a novelty that could not be told stands in no bin";
  EXPECT_DOUBLE_EQ(report.novelty->false_rejection, 0.2);
  EXPECT_FALSE(report.novelty->auroc.has_value());
}

TEST(Judged, WhatIsNotDefinedIsNothingAndNotZero) {
  const ClassifierReport report = judge(answers(), {}, kClasses, {}, "evaluation");
  ASSERT_EQ(report.per_class.size(), 3U);
  EXPECT_DOUBLE_EQ(*report.per_class[0].precision, 2.0 / 3);
  EXPECT_DOUBLE_EQ(*report.per_class[1].recall, 0.5);
  EXPECT_EQ(report.per_class[2].support, 0U);
  EXPECT_FALSE(report.per_class[2].precision.has_value());
  EXPECT_FALSE(report.per_class[2].recall.has_value());
  EXPECT_FALSE(report.per_class[2].f1.has_value());
}

TEST(Judged, TheSurestMistakesComeFirstInTheListAndAmongThePictures) {
  const ClassifierReport report = judge(answers(), {}, kClasses, {}, "evaluation");
  ASSERT_EQ(report.mistakes.size(), 2U);
  EXPECT_EQ(report.mistakes[0].path, "p1");
  EXPECT_EQ(report.mistakes[1].path, "a3");
  const std::vector<std::string> shown = {"p1", "a3", "a1", "p2", "a2"};
  EXPECT_EQ(shown_photos(report), shown);
}

TEST(Judged, StrangersAreHeldAgainstTheThreshold) {
  const std::vector<PredictionRow> strangers = {{"x", "no", "Plum", 0.5, 10}, {"y", "no", "Plum", 0.5, 4}};
  const ClassifierReport report = judge(answers(), strangers, kClasses, {.novelty = 5}, "evaluation");
  EXPECT_EQ(sum(report.novelty->unknown), 2U);
  EXPECT_DOUBLE_EQ(*report.novelty->true_rejection, 0.5);
  // 10 is above all four, 4 above three.
  EXPECT_DOUBLE_EQ(*report.novelty->auroc, 7.0 / 8);
  EXPECT_EQ(report.novelty->edges.front(), 1);
  EXPECT_GT(report.novelty->edges.back(), 10);
}

TEST(Judged, AnAnswerThatIsNoClassIsCorrupt) {
  std::vector<PredictionRow> rows = answers();
  rows[2].predicted = "Durian";
  try {
    judge(rows, {}, kClasses, {}, "evaluation");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace pomona::report
