#include "stats/eigen.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "stats/blas.h"

namespace pomona {
namespace {

void check(lapack_int status, const char* routine) {
  if (status == 0) return;
  throw Error(ErrorCode::internal, "pca", "",
              std::string(routine) + " ended with status " + std::to_string(status),
              "check the features for numbers that are not finite");
}

}  // namespace

// What is the upper triangle row by row is the lower triangle to LAPACK, which counts by columns.
SymmetricEigen::SymmetricEigen(std::vector<double> matrix, size_t d)
    : d_(d), reflectors_(std::move(matrix)), scales_(d), ascending_(d), tridiagonal_(d * d) {
  blas::use_one_thread();
  const auto n = static_cast<lapack_int>(d);
  std::vector<double> beside(d);  // the diagonal
  check(scipy_LAPACKE_dsytrd64_(LAPACK_COL_MAJOR, 'L', n, reflectors_.data(), n, ascending_.data(),
                                beside.data(), scales_.data()),
        "dsytrd");
  check(scipy_LAPACKE_dstedc64_(LAPACK_COL_MAJOR, 'I', n, ascending_.data(), beside.data(),
                                tridiagonal_.data(), n),
        "dstedc");
}

std::vector<double> SymmetricEigen::values() const { return {ascending_.rbegin(), ascending_.rend()}; }

std::vector<double> SymmetricEigen::vectors(size_t k) && {
  const auto n = static_cast<lapack_int>(d_);
  std::vector<double> result = std::move(tridiagonal_);
  result.erase(result.begin(), result.end() - static_cast<std::ptrdiff_t>(k * d_));
  check(scipy_LAPACKE_dormtr64_(LAPACK_COL_MAJOR, 'L', 'L', 'N', n, static_cast<lapack_int>(k),
                                reflectors_.data(), n, scales_.data(), result.data(), n),
        "dormtr");
  // Columns of the largest come last; a column by LAPACK's count is a row by ours.
  const auto row = [&](size_t at) { return result.begin() + static_cast<std::ptrdiff_t>(at * d_); };
  for (size_t at = 0; at < k / 2; ++at) std::swap_ranges(row(at), row(at + 1), row(k - 1 - at));
  return result;
}

}  // namespace pomona
