// The moments' loops over single features, compiled for each instruction set and chosen at run time. Nothing
// is fused and every feature is summed in the order of the rows: the same bits on every instruction set.
#pragma once

#include <cstddef>

namespace pomona {

// sums[i] += rows[r][i] for the n rows in turn.
void add_rows(const float* rows, size_t n, size_t d, double* sums);
void add_rows(const double* rows, size_t n, size_t d, double* sums);

// centred[r][i] = rows[r][i] - mean[i], rounded; squares[i] += the same, not rounded, squared.
void centre_rows(const float* rows, size_t n, size_t d, const double* mean, double* squares, float* centred);
void centre_rows(const double* rows, size_t n, size_t d, const double* mean, double* squares,
                 double* centred);

// m2[j] += products[j] + scaled_shift * shift[j].
void add_products(const float* products, const double* shift, double scaled_shift, size_t n, double* m2);
void add_products(const double* products, const double* shift, double scaled_shift, size_t n, double* m2);

}  // namespace pomona
