// k nearest neighbours by cosine: an alternative to the regression, and the search for similar photos.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stats/affine.h"

namespace pomona {

struct Neighbour {
  size_t row;
  float cosine;
};

// Exact search among rows in memory. One query alone or many, the same bits.
class NearestRows {
 public:
  // Throws Error: mismatch where the numbers do not make whole rows, no_data where there are none.
  NearestRows(std::span<const float> rows, size_t dimension);

  size_t count() const { return products_.outputs(); }
  size_t dimension() const { return products_.inputs(); }

  // The k most similar rows to each of n queries, the nearest first, ties by row: n vectors of min(k,
  // count()).
  std::vector<std::vector<Neighbour>> find(std::span<const float> queries, size_t k) const;

 private:
  AffineMap products_;  // with the rows, made 1 long
};

// The share of the k nearest that each class has: n x classes, as scikit-learn's
// KNeighborsClassifier(metric="cosine").
std::vector<double> vote(const std::vector<std::vector<Neighbour>>& neighbours,
                         std::span<const uint32_t> labels, size_t classes);

}  // namespace pomona
