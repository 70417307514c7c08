#include "stats/eigen.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "stats/blas.h"

namespace pomona {
namespace {

// Eigenvalues first..d (counted from 1, ascending) and, where `vectors` is given, their vectors as columns.
// What is the upper triangle row by row is the lower triangle to LAPACK, which counts by columns.
void solve(std::vector<double>& matrix, size_t d, size_t first, std::vector<double>& values,
           std::vector<double>* vectors) {
  blas::use_one_thread();
  const auto n = static_cast<lapack_int>(d);
  const size_t wanted = d - first + 1;
  std::vector<lapack_int> support(2 * d);
  lapack_int found = 0;
  values.resize(d);
  if (vectors != nullptr) vectors->resize(d * wanted);
  const lapack_int status = scipy_LAPACKE_dsyevr64_(
      LAPACK_COL_MAJOR, vectors != nullptr ? 'V' : 'N', wanted == d ? 'A' : 'I', 'L', n, matrix.data(), n, 0,
      0, static_cast<lapack_int>(first), n, 0, &found, values.data(),
      vectors != nullptr ? vectors->data() : nullptr, n, support.data());
  if (status != 0 || found != static_cast<lapack_int>(wanted)) {
    throw Error(ErrorCode::internal, "pca", "", "dsyevr ended with status " + std::to_string(status),
                "check the features for numbers that are not finite");
  }
  values.resize(wanted);
}

}  // namespace

std::vector<double> eigenvalues(std::vector<double> matrix, size_t d) {
  std::vector<double> values;
  solve(matrix, d, 1, values, nullptr);
  std::ranges::reverse(values);
  return values;
}

EigenPairs largest_eigenpairs(std::vector<double> matrix, size_t d, size_t k) {
  EigenPairs pairs;
  std::vector<double> ascending;
  solve(matrix, d, d - k + 1, pairs.values, &ascending);
  std::ranges::reverse(pairs.values);
  pairs.vectors.reserve(k * d);
  for (size_t row = k; row-- > 0;) {
    const auto* vector = &ascending[row * d];
    pairs.vectors.insert(pairs.vectors.end(), vector, vector + d);
  }
  return pairs;
}

}  // namespace pomona
