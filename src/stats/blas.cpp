#include "stats/blas.h"

namespace pomona::blas {

void use_one_thread() {
  static const bool done = [] {
    scipy_openblas_set_num_threads64_(1);
    return true;
  }();
  static_cast<void>(done);
}

namespace {

// result (n x m) = op(a) op(b), summed over `inner`; each by rows that are `*_row` numbers apart.
void gemm(CBLAS_TRANSPOSE op_a, CBLAS_TRANSPOSE op_b, size_t n, size_t m, size_t inner, const float* a,
          size_t a_row, const float* b, size_t b_row, float* result) {
  use_one_thread();
  scipy_cblas_sgemm64_(CblasRowMajor, op_a, op_b, static_cast<blasint>(n), static_cast<blasint>(m),
                       static_cast<blasint>(inner), 1, a, static_cast<blasint>(a_row), b,
                       static_cast<blasint>(b_row), 0, result, static_cast<blasint>(m));
}

void gemm(CBLAS_TRANSPOSE op_a, CBLAS_TRANSPOSE op_b, size_t n, size_t m, size_t inner, const double* a,
          size_t a_row, const double* b, size_t b_row, double* result) {
  use_one_thread();
  scipy_cblas_dgemm64_(CblasRowMajor, op_a, op_b, static_cast<blasint>(n), static_cast<blasint>(m),
                       static_cast<blasint>(inner), 1, a, static_cast<blasint>(a_row), b,
                       static_cast<blasint>(b_row), 0, result, static_cast<blasint>(m));
}

}  // namespace

double dot(size_t n, const double* a, const double* b) {
  use_one_thread();
  return scipy_cblas_ddot64_(static_cast<blasint>(n), a, 1, b, 1);
}

void gram_rows(size_t n, size_t d, size_t first, size_t count, const float* a, float* result) {
  gemm(CblasTrans, CblasNoTrans, count, d - first, n, a + first, d, a + first, d, result);
}

void gram_rows(size_t n, size_t d, size_t first, size_t count, const double* a, double* result) {
  gemm(CblasTrans, CblasNoTrans, count, d - first, n, a + first, d, a + first, d, result);
}

void multiply(size_t n, size_t m, size_t inner, const double* a, const double* b, double* result) {
  gemm(CblasNoTrans, CblasNoTrans, n, m, inner, a, inner, b, m, result);
}

void multiply_transposed(size_t n, size_t m, size_t inner, const double* a, const double* b, double* result) {
  gemm(CblasNoTrans, CblasTrans, n, m, inner, a, inner, b, inner, result);
}

void multiply_transposed(size_t n, size_t m, size_t inner, const float* a, const float* b, float* result) {
  gemm(CblasNoTrans, CblasTrans, n, m, inner, a, inner, b, inner, result);
}

void transposed_multiply(size_t n, size_t m, size_t inner, const float* a, const float* b, float* result) {
  gemm(CblasTrans, CblasNoTrans, n, m, inner, a, n, b, m, result);
}

void transposed_multiply(size_t n, size_t m, size_t inner, const double* a, const double* b, double* result) {
  gemm(CblasTrans, CblasNoTrans, n, m, inner, a, n, b, m, result);
}

}  // namespace pomona::blas
