// Eigenvalues and eigenvectors of a symmetric matrix, by LAPACK on one thread: reduced to tridiagonal form
// (dsytrd), solved by divide and conquer (dstedc), and turned back (dormtr) for as many vectors as are asked
// for.
#pragma once

#include <cstddef>
#include <vector>

namespace pomona {

class SymmetricEigen {
 public:
  // `matrix` is d * d, row by row; only its upper triangle is read. Throws Error(internal) where LAPACK
  // fails.
  SymmetricEigen(std::vector<double> matrix, size_t d);

  // All d, largest first.
  std::vector<double> values() const;
  // Of the k largest values: k rows of d numbers, each of length 1; k <= d. Once only: they are made in
  // place.
  std::vector<double> vectors(size_t k) &&;

 private:
  size_t d_;
  std::vector<double> reflectors_;   // d * d: the lower triangle, what dsytrd left of the matrix
  std::vector<double> scales_;       // d - 1, of the reflectors
  std::vector<double> ascending_;    // d eigenvalues
  std::vector<double> tridiagonal_;  // d columns: the eigenvectors of the tridiagonal matrix
};

}  // namespace pomona
