// Scaler and PCA folded into one affine map in float32.
#pragma once

#include <cstddef>
#include <span>

#include "stats/affine.h"
#include "stats/pca.h"
#include "stats/scaler.h"

namespace pomona {

class Projection {
 public:
  // `scaler` may be missing; where there is one, `pca` was fitted behind it. Throws Error: mismatch where
  // their dimensions differ.
  Projection(const StandardScaler* scaler, const Pca& pca);

  size_t dimension() const { return affine_.inputs(); }
  size_t k() const { return affine_.outputs(); }

  // `rows` holds n vectors of `dimension` numbers, `out` has room for n of `k`. A row's result has the same
  // bits whatever stands beside it, on every machine: see AffineMap. Throws Error: mismatch where the sizes
  // do not fit.
  void apply(std::span<const float> rows, std::span<float> out) const { affine_.apply(rows, out); }

 private:
  AffineMap affine_;
};

}  // namespace pomona
