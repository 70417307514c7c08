#include "stats/pca_transform.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "stats/blas.h"

namespace pomona {
namespace {

constexpr size_t kBlockRows = 256;

void check(std::span<const double> rows, size_t from, std::span<double> out, size_t to) {
  const size_t n = rows.size() / from;
  if (rows.size() == n * from && out.size() == n * to) return;
  throw Error(ErrorCode::mismatch, "pca", "",
              with_commas(rows.size()) + " numbers are not whole vectors of " + with_commas(from) +
                  ", or the result has no room for " + with_commas(to) + " of each");
}

}  // namespace

void transform(const Pca& pca, std::span<const double> rows, std::span<double> out) {
  const size_t d = pca.dimension;
  const size_t k = pca.k();
  check(rows, d, out, k);
  const size_t n = rows.size() / d;
  std::vector<double> centred(std::min(n, kBlockRows) * d);
  for (size_t first = 0; first < n; first += kBlockRows) {
    const size_t count = std::min(kBlockRows, n - first);
    for (size_t at = 0; at < count * d; ++at) centred[at] = rows[first * d + at] - pca.mean[at % d];
    double* result = &out[first * k];
    blas::multiply_transposed(count, k, d, centred.data(), pca.components.data(), result);
    if (!pca.whiten) continue;
    for (size_t at = 0; at < count * k; ++at) result[at] /= pca.whitening_scale(at % k);
  }
}

void inverse_transform(const Pca& pca, std::span<const double> rows, std::span<double> out) {
  const size_t d = pca.dimension;
  const size_t k = pca.k();
  check(rows, k, out, d);
  const size_t n = rows.size() / k;
  std::vector<double> coordinates(std::min(n, kBlockRows) * k);
  for (size_t first = 0; first < n; first += kBlockRows) {
    const size_t count = std::min(kBlockRows, n - first);
    for (size_t at = 0; at < count * k; ++at) {
      coordinates[at] = rows[first * k + at] * (pca.whiten ? pca.whitening_scale(at % k) : 1.0);
    }
    double* result = &out[first * d];
    blas::multiply(count, d, k, coordinates.data(), pca.components.data(), result);
    for (size_t at = 0; at < count * d; ++at) result[at] += pca.mean[at % d];
  }
}

}  // namespace pomona
