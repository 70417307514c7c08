#include "stats/projection.h"

#include <bit>
#include <cmath>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "base/error.h"
#include "random_rows.h"

namespace pomona {
namespace {

struct Model {
  std::vector<float> rows;
  StandardScaler scaler;
  Pca pca;
};

Model fit(size_t n, size_t d, const Components& components, bool whiten, double offset = 2,
          double scale = 3) {
  Model model;
  model.rows = testing::random_rows(n, d, 1, offset, scale);
  Moments moments(d);
  moments.update(model.rows);
  model.scaler = fit_scaler(moments);
  model.pca = fit_pca(moments, &model.scaler, components, whiten);
  return model;
}

// ((x - mean) / scale) . component, in float64.
double expected(const Model& model, const float* row, size_t c) {
  const size_t d = model.pca.dimension;
  double sum = 0;
  for (size_t i = 0; i < d; ++i) {
    sum += (row[i] - model.scaler.mean[i]) / model.scaler.scale[i] * model.pca.components[c * d + i];
  }
  return model.pca.whiten ? sum / std::sqrt(model.pca.explained_variance[c]) : sum;
}

std::vector<float> projected(const Projection& projection, std::span<const float> rows) {
  std::vector<float> out(rows.size() / projection.dimension() * projection.k());
  projection.apply(rows, out);
  return out;
}

void expect_agreement(const Model& model) {
  const size_t d = model.pca.dimension;
  const auto reduced = projected(Projection(&model.scaler, model.pca), model.rows);
  for (size_t c = 0; c < model.pca.k(); ++c) {
    const double deviation = model.pca.whiten ? 1.0 : std::sqrt(model.pca.explained_variance[c]);
    for (size_t r = 0; r < model.rows.size() / d; ++r) {
      EXPECT_NEAR(reduced[r * model.pca.k() + c], expected(model, &model.rows[r * d], c), 2e-5 * deviation);
    }
  }
}

TEST(Projection, AgreesWithFloat64) {
  expect_agreement(fit(205, 70, uint64_t{40}, false));
  expect_agreement(fit(205, 70, uint64_t{40}, true));
  expect_agreement(fit(120, 33, uint64_t{1}, false));
}

TEST(Projection, KeepsSmallDeviationsBesideHugeOffsets) {
  expect_agreement(fit(100, 70, uint64_t{5}, false, 1e4, 1e-2));
}

TEST(Projection, GivesARowTheSameBitsWhateverStandsBesideIt) {
  const Model model = fit(211, 70, uint64_t{37}, false);
  const Projection projection(&model.scaler, model.pca);
  const auto together = projected(projection, model.rows);
  for (size_t r = 0; r < 211; ++r) {
    const auto alone = projected(projection, std::span<const float>(model.rows).subspan(r * 70, 70));
    for (size_t c = 0; c < 37; ++c) {
      EXPECT_EQ(std::bit_cast<uint32_t>(alone[c]), std::bit_cast<uint32_t>(together[r * 37 + c]));
    }
  }
}

TEST(Projection, GivesTheSameBitsOnEveryInstructionSet) {
  const Model model = fit(101, 70, uint64_t{37}, false);
  const Projection projection(&model.scaler, model.pca);
  const auto best = projected(projection, model.rows);
  size_t targets = 0;
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    EXPECT_TRUE(projected(projection, model.rows) == best) << hwy::TargetName(target);
    ++targets;
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  EXPECT_GE(targets, 2U);
}

TEST(Projection, RefusesSizesThatDoNotFit) {
  const Model model = fit(30, 8, uint64_t{3}, false);
  const Projection projection(&model.scaler, model.pca);
  std::vector<float> out(3);
  EXPECT_THROW(projection.apply(std::vector<float>(9), out), Error);
  EXPECT_THROW(projection.apply(std::vector<float>(16), out), Error);
  const StandardScaler other = fit(30, 7, uint64_t{3}, false).scaler;
  EXPECT_THROW(Projection(&other, model.pca), Error);
}

}  // namespace
}  // namespace pomona
