// PCA applied to whole matrices in float64, and undone. Photos go through Projection (projection.h) instead.
#pragma once

#include <span>

#include "stats/pca.h"

namespace pomona {

// n vectors of pca.dimension numbers -> n of k: (x - mean) . components^T, divided by the standard deviations
// where the PCA whitens. Throws Error: mismatch where the sizes do not fit.
void transform(const Pca& pca, std::span<const double> rows, std::span<double> out);

// n vectors of k numbers -> n of pca.dimension: the point of the component space that they stand for.
void inverse_transform(const Pca& pca, std::span<const double> rows, std::span<double> out);

}  // namespace pomona
