// Eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's dsyevr on one thread.
#pragma once

#include <cstddef>
#include <vector>

namespace pomona {

// `matrix` is d * d, row by row; only its upper triangle is read, and it is destroyed.

// All eigenvalues, largest first. Throws Error: internal where LAPACK fails.
std::vector<double> eigenvalues(std::vector<double> matrix, size_t d);

struct EigenPairs {
  std::vector<double> values;   // k, largest first
  std::vector<double> vectors;  // k rows of d, each of length 1
};

// The k largest eigenvalues with their vectors; 1 <= k <= d.
EigenPairs largest_eigenpairs(std::vector<double> matrix, size_t d, size_t k);

}  // namespace pomona
