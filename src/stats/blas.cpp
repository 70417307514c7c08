#include "stats/blas.h"

namespace pomona::blas {

void use_one_thread() {
  static const bool done = [] {
    scipy_openblas_set_num_threads64_(1);
    return true;
  }();
  static_cast<void>(done);
}

void gram_rows(size_t n, size_t d, size_t first, size_t count, const float* a, float* result) {
  use_one_thread();
  const auto row = static_cast<blasint>(d);
  const auto columns = static_cast<blasint>(d - first);
  scipy_cblas_sgemm64_(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<blasint>(count), columns,
                       static_cast<blasint>(n), 1, a + first, row, a + first, row, 0, result, columns);
}

void gram_rows(size_t n, size_t d, size_t first, size_t count, const double* a, double* result) {
  use_one_thread();
  const auto row = static_cast<blasint>(d);
  const auto columns = static_cast<blasint>(d - first);
  scipy_cblas_dgemm64_(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<blasint>(count), columns,
                       static_cast<blasint>(n), 1, a + first, row, a + first, row, 0, result, columns);
}

void multiply(size_t n, size_t m, size_t inner, const double* a, const double* b, double* result) {
  use_one_thread();
  const auto columns = static_cast<blasint>(m);
  const auto depth = static_cast<blasint>(inner);
  scipy_cblas_dgemm64_(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<blasint>(n), columns, depth, 1,
                       a, depth, b, columns, 0, result, columns);
}

void multiply_transposed(size_t n, size_t m, size_t inner, const double* a, const double* b, double* result) {
  use_one_thread();
  const auto columns = static_cast<blasint>(m);
  const auto depth = static_cast<blasint>(inner);
  scipy_cblas_dgemm64_(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<blasint>(n), columns, depth, 1, a,
                       depth, b, depth, 0, result, columns);
}

void multiply_transposed(size_t n, size_t m, size_t inner, const float* a, const float* b, float* result) {
  use_one_thread();
  const auto columns = static_cast<blasint>(m);
  const auto depth = static_cast<blasint>(inner);
  scipy_cblas_sgemm64_(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<blasint>(n), columns, depth, 1, a,
                       depth, b, depth, 0, result, columns);
}

void transposed_multiply(size_t n, size_t m, size_t inner, const float* a, const float* b, float* result) {
  use_one_thread();
  const auto rows = static_cast<blasint>(n);
  const auto columns = static_cast<blasint>(m);
  scipy_cblas_sgemm64_(CblasRowMajor, CblasTrans, CblasNoTrans, rows, columns, static_cast<blasint>(inner), 1,
                       a, rows, b, columns, 0, result, columns);
}

void transposed_multiply(size_t n, size_t m, size_t inner, const double* a, const double* b, double* result) {
  use_one_thread();
  const auto rows = static_cast<blasint>(n);
  const auto columns = static_cast<blasint>(m);
  scipy_cblas_dgemm64_(CblasRowMajor, CblasTrans, CblasNoTrans, rows, columns, static_cast<blasint>(inner), 1,
                       a, rows, b, columns, 0, result, columns);
}

}  // namespace pomona::blas
