// Rows of correlated random numbers for the tests of this folder.
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace pomona::testing {

// n rows of d: a few common causes behind all features, besides noise of each its own; feature i is around
// `offset`.
template <typename T = float>
std::vector<T> random_rows(size_t n, size_t d, unsigned seed, double offset = 0, double scale = 1) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  constexpr size_t causes = 5;
  std::vector<double> loadings(causes * d);
  for (double& value : loadings) value = normal(engine);
  std::vector<T> rows;
  rows.reserve(n * d);
  for (size_t r = 0; r < n; ++r) {
    double strength[causes];
    for (double& value : strength) value = normal(engine);
    for (size_t i = 0; i < d; ++i) {
      double value = 0.5 * normal(engine);
      for (size_t c = 0; c < causes; ++c)
        value += strength[c] * loadings[c * d + i] / static_cast<double>(c + 1);
      rows.push_back(static_cast<T>(offset + scale * value));
    }
  }
  return rows;
}

}  // namespace pomona::testing
