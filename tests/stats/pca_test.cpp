#include "stats/pca.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "base/error.h"
#include "random_rows.h"

namespace pomona {
namespace {

Moments moments_of(size_t n, size_t d) {
  Moments moments(d);
  moments.update(testing::random_rows<double>(n, d, 1, 3));
  return moments;
}

double covariance(const Moments& moments, size_t i, size_t j) {
  const size_t row = std::min(i, j);
  const size_t column = std::max(i, j);
  return moments.packed_m2()[Moments::packed_row(row, moments.dimension()) + column - row] /
         static_cast<double>(moments.count() - 1);
}

TEST(Pca, FindsEigenvectorsOfTheCovariance) {
  constexpr size_t d = 20;
  const Moments moments = moments_of(300, d);
  const Pca pca = fit_pca(moments, nullptr, uint64_t{6}, false);
  ASSERT_EQ(pca.k(), 6U);
  for (size_t c = 0; c < pca.k(); ++c) {
    const double* v = &pca.components[c * d];
    for (size_t i = 0; i < d; ++i) {
      double product = 0;
      for (size_t j = 0; j < d; ++j) product += covariance(moments, i, j) * v[j];
      EXPECT_NEAR(product, pca.explained_variance[c] * v[i], 1e-11 * pca.total_variance);
    }
    EXPECT_LE(pca.explained_variance[c], c == 0 ? pca.total_variance : pca.explained_variance[c - 1]);
  }
}

TEST(Pca, MakesTheLargestNumberOfEachComponentPositive) {
  const Pca pca = fit_pca(moments_of(300, 20), nullptr, uint64_t{20}, false);
  for (size_t c = 0; c < 20; ++c) {
    double largest = 0;
    for (size_t i = 0; i < 20; ++i) {
      const double value = pca.components[c * 20 + i];
      if (std::abs(value) > std::abs(largest)) largest = value;
    }
    EXPECT_GT(largest, 0);
  }
}

TEST(Pca, AccountsForTheWholeVariance) {
  const Moments moments = moments_of(300, 20);
  const StandardScaler scaler = fit_scaler(moments);
  const Pca part = fit_pca(moments, &scaler, uint64_t{4}, false);
  EXPECT_NEAR(part.total_variance, 20 * 300 / 299.0, 1e-10);
  const Pca all = fit_pca(moments, &scaler, uint64_t{20}, false);
  double left_out = 0;
  for (size_t c = 4; c < 20; ++c) left_out += all.explained_variance[c];
  EXPECT_NEAR(part.noise_variance, left_out / 16, 1e-10);
  EXPECT_EQ(all.noise_variance, 0);
}

TEST(Pca, TheSpectrumNamesEveryComponentWhateverWasKept) {
  const Moments moments = moments_of(300, 20);
  const Pca all = fit_pca(moments, nullptr, uint64_t{20}, false);
  const Pca part = fit_pca(moments, nullptr, uint64_t{3}, false);
  ASSERT_EQ(part.spectrum.size(), 20U);
  for (size_t c = 0; c < 20; ++c) EXPECT_NEAR(part.spectrum[c], all.explained_variance_ratio[c], 1e-12);
  EXPECT_EQ(fit_pca(moments_of(7, 20), nullptr, uint64_t{2}, false).spectrum.size(), 7U);
}

TEST(Pca, TakesTheFewestComponentsThatExplainMoreThanTheFraction) {
  const Moments moments = moments_of(300, 20);
  const Pca all = fit_pca(moments, nullptr, uint64_t{20}, false);
  for (const double fraction : {0.01, 0.5, 0.8, 0.95, 0.999999}) {
    const Pca pca = fit_pca(moments, nullptr, fraction, false);
    double before = 0;
    for (size_t c = 0; c + 1 < pca.k(); ++c) before += all.explained_variance_ratio[c];
    EXPECT_LE(before, fraction);
    EXPECT_GT(before + all.explained_variance_ratio[pca.k() - 1], fraction);
  }
}

// What `fit` throws must name its reason and hold `hint`, so that the user knows what to do.
template <typename Fit>
void expect_error(ErrorCode code, const std::string& hint, const Fit& fit) {
  try {
    fit();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_NE(std::string(error.what()).find(hint), std::string::npos) << error.what();
  }
}

TEST(Pca, SaysWhatToDo) {
  const Moments moments = moments_of(10, 20);
  const auto fit = [&](const Components& components) { fit_pca(moments, nullptr, components, false); };
  expect_error(ErrorCode::usage, "at least 1", [&] { fit(uint64_t{0}); });
  expect_error(ErrorCode::usage, "0.95", [&] { fit(1.5); });
  expect_error(ErrorCode::usage, "0.95", [&] { fit(std::nan("")); });
  expect_error(ErrorCode::mismatch, "10 photos are fewer than 11 components", [&] { fit(uint64_t{11}); });
  expect_error(ErrorCode::mismatch, "20 features are fewer than 21 components", [&] { fit(uint64_t{21}); });
  expect_error(ErrorCode::no_data, "two photos", [] { fit_pca(Moments(3), nullptr, uint64_t{1}, false); });
  expect_error(ErrorCode::no_data, "differ", [] {
    Moments same(2);
    same.update(std::vector<float>{1, 2, 1, 2});
    fit_pca(same, nullptr, 0.95, false);
  });
}

}  // namespace
}  // namespace pomona
