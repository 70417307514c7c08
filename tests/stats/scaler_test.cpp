#include "stats/scaler.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/error.h"
#include "random_rows.h"

namespace pomona {
namespace {

TEST(StandardScaler, DividesByTheNumberOfRows) {
  Moments moments(2);
  moments.update(std::vector<float>{1, 10, 3, 10, 5, 10, 7, 10});
  const StandardScaler scaler = fit_scaler(moments);
  EXPECT_EQ(scaler.mean, (std::vector<double>{4, 10}));
  EXPECT_EQ(scaler.variance, (std::vector<double>{5, 0}));
  EXPECT_EQ(scaler.scale, (std::vector<double>{std::sqrt(5.0), 1}));
}

TEST(StandardScaler, TakesRoundingNoiseForConstant) {
  std::vector<double> rows;
  for (int r = 0; r < 1000; ++r) rows.push_back(1e8 + (r % 2) * 1e-8);
  Moments moments(1);
  moments.update(rows);
  EXPECT_EQ(fit_scaler(moments).scale[0], 1.0);
}

TEST(StandardScaler, OfNothingIsAnError) { EXPECT_THROW(fit_scaler(Moments(2)), Error); }

}  // namespace
}  // namespace pomona
