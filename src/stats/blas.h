// OpenBLAS of the PyPI wheel: 64-bit integers, names with a prefix and a suffix; one thread, always.
#pragma once

// The wheel's LAPACK header takes the size of its integers from the includer.
#define LAPACK_ILP64
#include <cstddef>

#include <cblas.h>
#include <lapacke.h>

namespace pomona::blas {

// Calls below run on the calling thread alone: parallelism is the caller's, by shards. Call before the first
// of them.
void use_one_thread();

double dot(size_t n, const double* a, const double* b);

// Rows first .. first + count - 1 of a^T a from column `first` on, where `a` has n rows of d: result has
// count rows of d - first.
void gram_rows(size_t n, size_t d, size_t first, size_t count, const float* a, float* result);
void gram_rows(size_t n, size_t d, size_t first, size_t count, const double* a, double* result);

// result (n x m) = a (n x inner) * b, where b is inner x m, or m x inner if transposed; all row by row.
void multiply(size_t n, size_t m, size_t inner, const double* a, const double* b, double* result);
void multiply_transposed(size_t n, size_t m, size_t inner, const double* a, const double* b, double* result);
void multiply_transposed(size_t n, size_t m, size_t inner, const float* a, const float* b, float* result);
// result (n x m) = a^T * b, where a is inner x n and b is inner x m.
void transposed_multiply(size_t n, size_t m, size_t inner, const float* a, const float* b, float* result);
void transposed_multiply(size_t n, size_t m, size_t inner, const double* a, const double* b, double* result);

}  // namespace pomona::blas
