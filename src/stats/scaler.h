// Standard scaling as scikit-learn's StandardScaler does it.
#pragma once

#include <span>
#include <vector>

#include "stats/moments.h"
#include "stats/variances.h"

namespace pomona {

struct StandardScaler {
  std::vector<double> mean;
  std::vector<double> variance;  // population: divided by n
  std::vector<double> scale;     // sqrt(variance), or 1 where the feature is constant
};

// Throws Error: no_data where there are no vectors.
StandardScaler fit_scaler(const Moments& moments);
StandardScaler fit_scaler(const Variances& variances);

// (x - mean) / scale and x * scale + mean, computed in float64, for whole vectors one after another. `out` is
// as long as `rows` and may be the same memory. Throws Error: mismatch where the sizes do not fit.
void scale(const StandardScaler& scaler, std::span<const float> rows, std::span<float> out);
void scale(const StandardScaler& scaler, std::span<const double> rows, std::span<double> out);
void unscale(const StandardScaler& scaler, std::span<const float> rows, std::span<float> out);
void unscale(const StandardScaler& scaler, std::span<const double> rows, std::span<double> out);

}  // namespace pomona
