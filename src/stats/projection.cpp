#include "stats/projection.h"

#include "base/error.h"
#include "base/text.h"

namespace pomona {
namespace {

// ((x - mean) / scale - pca mean) . components^T = (x - (mean + scale * pca mean)) . (components / scale)^T
double factor(const StandardScaler* scaler, const Pca& pca, size_t component, size_t feature) {
  const double scale = scaler != nullptr ? scaler->scale[feature] : 1.0;
  const double whitening = pca.whiten ? pca.whitening_scale(component) : 1.0;
  return pca.components[component * pca.dimension + feature] / scale / whitening;
}

const StandardScaler* checked(const StandardScaler* scaler, const Pca& pca) {
  if (scaler != nullptr && scaler->mean.size() != pca.dimension) {
    throw Error(ErrorCode::mismatch, "projection", "",
                "the scaler has " + with_commas(scaler->mean.size()) + " features, the PCA " +
                    with_commas(pca.dimension));
  }
  return scaler;
}

}  // namespace

Projection::Projection(const StandardScaler* scaler, const Pca& pca)
    : affine_(pca.dimension, pca.k(), [s = checked(scaler, pca), &pca](size_t component, size_t feature) {
        return factor(s, pca, component, feature);
      }) {
  std::vector<double> bias(pca.k());
  for (size_t i = 0; i < pca.dimension; ++i) {
    const double offset = scaler != nullptr ? scaler->mean[i] + scaler->scale[i] * pca.mean[i] : pca.mean[i];
    const auto rounded = static_cast<float>(offset);
    affine_.set_offset(i, rounded);
    const double lost = static_cast<double>(rounded) - offset;
    for (size_t c = 0; c < pca.k(); ++c) bias[c] += lost * factor(scaler, pca, c, i);
  }
  for (size_t c = 0; c < pca.k(); ++c) affine_.set_bias(c, bias[c]);
}

}  // namespace pomona
