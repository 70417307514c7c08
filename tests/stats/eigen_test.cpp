#include "stats/eigen.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace pomona {
namespace {

// sum over k of value k * vector k * vector k^T.
std::vector<double> rebuilt(const std::vector<double>& values, const std::vector<double>& vectors, size_t d) {
  std::vector<double> matrix(d * d);
  for (size_t k = 0; k < vectors.size() / d; ++k) {
    for (size_t i = 0; i < d; ++i) {
      for (size_t j = 0; j < d; ++j) matrix[i * d + j] += values[k] * vectors[k * d + i] * vectors[k * d + j];
    }
  }
  return matrix;
}

double dot(const std::vector<double>& vectors, size_t a, size_t b, size_t d) {
  double sum = 0;
  for (size_t i = 0; i < d; ++i) sum += vectors[a * d + i] * vectors[b * d + i];
  return sum;
}

void expect_orthonormal(const std::vector<double>& vectors, size_t d) {
  for (size_t a = 0; a < vectors.size() / d; ++a) {
    for (size_t b = 0; b <= a; ++b) EXPECT_NEAR(dot(vectors, a, b, d), a == b ? 1 : 0, 1e-13);
  }
}

TEST(SymmetricEigen, TakesAMatrixApart) {
  constexpr size_t d = 37;
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  std::vector<double> whole(d * d), upper(d * d, std::nan(""));
  for (size_t i = 0; i < d; ++i) {
    for (size_t j = i; j < d; ++j) upper[i * d + j] = whole[i * d + j] = whole[j * d + i] = normal(random);
  }
  SymmetricEigen eigen(upper, d);
  const auto values = eigen.values();
  EXPECT_TRUE(std::ranges::is_sorted(values, std::greater<>()));
  const auto vectors = std::move(eigen).vectors(d);
  expect_orthonormal(vectors, d);
  const auto again = rebuilt(values, vectors, d);
  for (size_t at = 0; at < d * d; ++at) EXPECT_NEAR(again[at], whole[at], 1e-12);
}

TEST(SymmetricEigen, GivesTheVectorsOfTheLargestValues) {
  constexpr size_t d = 4;  // a diagonal: the vectors are the axes
  std::vector<double> matrix(d * d);
  for (size_t i = 0; i < d; ++i) matrix[i * d + i] = std::array{2.0, 5.0, 1.0, 3.0}[i];
  SymmetricEigen eigen(matrix, d);
  EXPECT_EQ(eigen.values(), (std::vector<double>{5, 3, 2, 1}));
  const auto vectors = std::move(eigen).vectors(2);
  ASSERT_EQ(vectors.size(), 2 * d);
  EXPECT_EQ(std::abs(vectors[1]), 1);
  EXPECT_EQ(std::abs(vectors[d + 3]), 1);
}

TEST(SymmetricEigen, KeepsVectorsOfEqualValuesApart) {
  constexpr size_t d = 60;  // 1 in every direction but one
  std::vector<double> matrix(d * d, 1.0);
  for (size_t i = 0; i < d; ++i) matrix[i * d + i] = 2;
  SymmetricEigen eigen(matrix, d);
  const auto values = eigen.values();
  EXPECT_NEAR(values.front(), d + 1.0, 1e-12);
  for (size_t k = 1; k < d; ++k) EXPECT_NEAR(values[k], 1, 1e-12);
  expect_orthonormal(std::move(eigen).vectors(d), d);
}

TEST(SymmetricEigen, OfOneNumber) {
  SymmetricEigen eigen({7.0}, 1);
  EXPECT_EQ(eigen.values(), std::vector<double>{7});
  EXPECT_EQ(std::abs(std::move(eigen).vectors(1).front()), 1);
}

TEST(SymmetricEigen, RefusesWhatIsNotFinite) {
  std::vector<double> matrix(9, 0.0);
  matrix[4] = std::nan("");
  EXPECT_ANY_THROW(SymmetricEigen(matrix, 3));
}

}  // namespace
}  // namespace pomona
