#include "bundle/parameters.h"

#include <algorithm>

#include "bundle/tensor_reader.h"

namespace pomona {
namespace {

Tensor vector_of(const std::vector<double>& values) { return {{values.size()}, values}; }
Tensor scalar_of(double value) { return {{1}, {value}}; }

}  // namespace

Tensors to_tensors(const StandardScaler& scaler, const Pca& pca) {
  return {
      {"scaler.mean", vector_of(scaler.mean)},
      {"scaler.variance", vector_of(scaler.variance)},
      {"scaler.scale", vector_of(scaler.scale)},
      {"pca.components", {{pca.k(), pca.dimension}, pca.components}},
      {"pca.explained_variance", vector_of(pca.explained_variance)},
      {"pca.explained_variance_ratio", vector_of(pca.explained_variance_ratio)},
      {"pca.mean", vector_of(pca.mean)},
      {"pca.spectrum", vector_of(pca.spectrum)},
      {"pca.total_variance", scalar_of(pca.total_variance)},
      {"pca.noise_variance", scalar_of(pca.noise_variance)},
      {"pca.count", scalar_of(static_cast<double>(pca.count))},
      {"pca.whiten", scalar_of(pca.whiten ? 1 : 0)},
  };
}

void from_tensors(const Tensors& tensors, const std::string& object, StandardScaler& scaler, Pca& pca) {
  const TensorReader reader(tensors, object);
  const uint64_t d = reader.find("scaler.mean").values.size();
  const uint64_t k = reader.find("pca.explained_variance").values.size();
  if (d == 0 || k == 0 || k > d) reader.fail("it has no components, or more than features");
  scaler = {reader.get("scaler.mean", {d}), reader.get("scaler.variance", {d}),
            reader.get("scaler.scale", {d})};
  if (std::ranges::any_of(scaler.scale, [](double scale) { return scale <= 0; })) {
    reader.fail("a scale is not positive");
  }
  pca.dimension = d;
  pca.components = reader.get("pca.components", {k, d});
  pca.explained_variance = reader.get("pca.explained_variance", {k});
  pca.explained_variance_ratio = reader.get("pca.explained_variance_ratio", {k});
  pca.mean = reader.get("pca.mean", {d});
  const uint64_t all = reader.find("pca.spectrum").values.size();
  if (all < k || all > d) reader.fail("pca.spectrum has fewer components than k, or more than features");
  pca.spectrum = reader.get("pca.spectrum", {all});
  pca.total_variance = reader.scalar("pca.total_variance");
  pca.noise_variance = reader.scalar("pca.noise_variance");
  const double count = reader.scalar("pca.count");
  if (count < 0 || count > 9e15) reader.fail("pca.count is no number of photos");
  pca.count = static_cast<uint64_t>(count);
  pca.whiten = reader.scalar("pca.whiten") != 0;
}

}  // namespace pomona
