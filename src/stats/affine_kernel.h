// The inner loops of AffineMap, compiled for each instruction set and chosen at run time.
#pragma once

#include <cstddef>

namespace pomona {

// The matrix is stored in panels of this many columns: panel p holds, feature by feature, columns p * 32 to p
// * 32 + 31, zeros where there is none. 128 bytes: two vectors of AVX-512, four of AVX2.
inline constexpr size_t kPanelColumns = 32;

struct AffineCall {
  const float* rows;  // n x d
  size_t n;
  size_t d;
  const float* offset;  // d
  const float* panels;  // ceil(k / 32) x d x 32
  const float* bias;    // k, padded to whole panels
  size_t k;
  float* out;  // n x k
};

// out[r][c] = fma(x[d-1], m[d-1][c], ... fma(x[1], m[1][c], fma(x[0], m[0][c], bias[c]))), x = rows[r] -
// offset.
void affine(const AffineCall& call);

}  // namespace pomona
