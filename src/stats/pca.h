// Principal components of the scaled features, from their moments: exact, centred, with deterministic signs.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "stats/moments.h"
#include "stats/scaler.h"

namespace pomona {

// A number of components, or the fraction of the variance that they must explain (0 < fraction < 1), as in
// scikit-learn.
using Components = std::variant<uint64_t, double>;

struct Pca {
  size_t dimension = 0;
  uint64_t count = 0;              // vectors that it was fitted on
  std::vector<double> components;  // k rows of `dimension` numbers; the largest by magnitude is positive
  std::vector<double> explained_variance;        // k eigenvalues of the covariance, divided by n - 1
  std::vector<double> explained_variance_ratio;  // of the variance of all features together
  std::vector<double> mean;                      // of what was fitted: 0 where the features were scaled
  double total_variance = 0;
  double noise_variance = 0;  // mean of the eigenvalues that were left out
  bool whiten = false;
  // Of every component that the photos allow, also those left out: their shares of the variance, largest
  // first.
  std::vector<double> spectrum;

  size_t k() const { return explained_variance.size(); }
  // Of the centred matrix that was fitted: sqrt(explained_variance * (count - 1)).
  std::vector<double> singular_values() const;
  // What whitening divides component c by: its standard deviation, kept away from 0 as scikit-learn does.
  double whitening_scale(size_t c) const;
};

// Throws what fit_pca throws where `count` vectors of `dimension` features cannot give these components.
void check_components(const Components& components, uint64_t dimension, uint64_t count);

// PCA of the vectors behind `moments`, after `scaler` if there is one. Throws Error: no_data where there are
// fewer than two vectors or they are all alike, mismatch where there are fewer vectors or features than
// components, usage for 0 components or a fraction that is none.
Pca fit_pca(const Moments& moments, const StandardScaler* scaler, const Components& components, bool whiten);

}  // namespace pomona
