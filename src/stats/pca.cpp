#include "stats/pca.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "stats/eigen.h"

namespace pomona {
namespace {

Error too_many(uint64_t wanted, uint64_t there, const std::string& of_what) {
  return {ErrorCode::mismatch, "pca", "",
          with_commas(there) + " " + of_what + " are fewer than " + with_commas(wanted) + " components",
          "ask for at most " + with_commas(there) +
              " components, or for a fraction of the variance such as 0.95"};
}

void check_count(uint64_t count) {
  if (count >= 2) return;
  throw Error(ErrorCode::no_data, "pca", "",
              counted(count, "photo") + (count == 1 ? " has" : " have") + " no variance",
              "give at least two photos that can be used");
}

// The covariance (divided by n - 1) of the features, after `scaler` if there is one: the upper triangle of a
// square.
std::vector<double> covariance(const Moments& moments, const StandardScaler* scaler) {
  const size_t d = moments.dimension();
  const auto degrees = static_cast<double>(moments.count() - 1);
  std::vector<double> matrix(d * d);
  for (size_t i = 0; i < d; ++i) {
    const double* row = &moments.packed_m2()[Moments::packed_row(i, d)];
    for (size_t j = i; j < d; ++j) {
      const double scale = scaler != nullptr ? scaler->scale[i] * scaler->scale[j] : 1.0;
      matrix[i * d + j] = row[j - i] / degrees / scale;
    }
  }
  return matrix;
}

// How many components explain more than `fraction` of the variance: scikit-learn's
// searchsorted(side="right") + 1.
uint64_t enough(const std::vector<double>& spectrum, double fraction) {
  double sum = 0;
  for (uint64_t k = 0; k < spectrum.size(); ++k) {
    sum += spectrum[k];
    if (sum > fraction) return k + 1;
  }
  return spectrum.size();
}

// scikit-learn's svd_flip: of each component the number that is largest by magnitude is positive.
void fix_sign(std::span<double> component) {
  const auto largest = std::ranges::max_element(component, {}, [](double value) { return std::abs(value); });
  if (*largest >= 0) return;
  for (double& value : component) value = -value;
}

}  // namespace

void check_components(const Components& components, uint64_t dimension, uint64_t count) {
  if (const auto* fraction = std::get_if<double>(&components)) {
    if (*fraction > 0 && *fraction < 1) return;
    std::ostringstream text;
    text << *fraction;
    throw Error(ErrorCode::usage, "pca", text.str(), "is no fraction of the variance between 0 and 1",
                "give a fraction such as 0.95, or a whole number of components");
  }
  const uint64_t wanted = std::get<uint64_t>(components);
  if (wanted == 0) {
    throw Error(ErrorCode::usage, "pca", "", "0 components were asked for",
                "give at least 1, or a fraction of the variance such as 0.95");
  }
  if (wanted > dimension) throw too_many(wanted, dimension, "features");
  if (wanted > count) throw too_many(wanted, count, "photos");
}

double Pca::whitening_scale(size_t c) const {
  return std::max(std::sqrt(explained_variance[c]), std::numeric_limits<double>::epsilon());
}

std::vector<double> Pca::singular_values() const {
  std::vector<double> values;
  values.reserve(explained_variance.size());
  for (const double variance : explained_variance)
    values.push_back(std::sqrt(variance * static_cast<double>(count - 1)));
  return values;
}

Pca fit_pca(const Moments& moments, const StandardScaler* scaler, const Components& components, bool whiten) {
  check_count(moments.count());
  check_components(components, moments.dimension(), moments.count());
  const size_t d = moments.dimension();
  auto matrix = covariance(moments, scaler);
  Pca pca;
  pca.dimension = d;
  pca.count = moments.count();
  pca.whiten = whiten;
  for (size_t i = 0; i < d; ++i) pca.total_variance += matrix[i * d + i];
  if (pca.total_variance <= 0) {
    throw Error(ErrorCode::no_data, "pca", "",
                "all photos have the same features: there is no variance to explain",
                "give photos that differ");
  }
  const uint64_t rank = std::min<uint64_t>(d, moments.count());
  SymmetricEigen eigen(std::move(matrix), d);
  const std::vector<double> variances = eigen.values();
  pca.spectrum = variances;
  for (double& value : pca.spectrum) value = std::max(value, 0.0) / pca.total_variance;
  uint64_t k = 0;
  if (const auto* fraction = std::get_if<double>(&components)) {
    k = std::min(rank, enough(pca.spectrum, *fraction));
  } else {
    k = std::get<uint64_t>(components);
  }
  pca.spectrum.resize(rank);
  pca.components = std::move(eigen).vectors(k);
  for (size_t row = 0; row < k; ++row) fix_sign(std::span(pca.components).subspan(row * d, d));
  pca.explained_variance.assign(variances.begin(), variances.begin() + static_cast<std::ptrdiff_t>(k));
  // Sums that should be 0 come out a little below it.
  for (double& value : pca.explained_variance) value = std::max(value, 0.0);
  pca.explained_variance_ratio.reserve(k);
  for (const double value : pca.explained_variance) {
    pca.explained_variance_ratio.push_back(value / pca.total_variance);
  }
  const double explained = std::accumulate(pca.explained_variance.begin(), pca.explained_variance.end(), 0.0);
  if (k < rank) {
    pca.noise_variance = std::max(pca.total_variance - explained, 0.0) / static_cast<double>(rank - k);
  }
  pca.mean.assign(d, 0.0);
  if (scaler == nullptr) pca.mean.assign(moments.mean().begin(), moments.mean().end());
  return pca;
}

}  // namespace pomona
