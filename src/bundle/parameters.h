// The numbers of a bundle as named float64 tensors.
#pragma once

#include "bundle/safetensors.h"
#include "stats/pca.h"
#include "stats/scaler.h"

namespace pomona {

// scaler.mean, scaler.variance, scaler.scale [d]; pca.components [k, d]; pca.explained_variance,
// pca.explained_variance_ratio [k]; pca.mean [d]; pca.spectrum [min(d, photos)]; pca.total_variance,
// pca.noise_variance, pca.count, pca.whiten [1].
Tensors to_tensors(const StandardScaler& scaler, const Pca& pca);

// Throws Error(corrupt) naming `object` where a tensor is missing, its shape does not fit
// the others, or its values cannot be: not finite, or a scale that is not positive.
void from_tensors(const Tensors& tensors, const std::string& object, StandardScaler& scaler, Pca& pca);

}  // namespace pomona
