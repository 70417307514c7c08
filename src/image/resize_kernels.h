// The two passes of a resize, in one plain and several vector forms that give the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "image/taps.h"

namespace pomona {

// Pixels of RGB, 3 bytes each. `stride` is the bytes from row to row.
struct Plane {
  const uint8_t* pixels;
  size_t stride;
};

struct ResizeKernels {
  // Rows of `width` pixels out of rows that are read by `taps`. Writes 3 * width bytes a row.
  void (*horizontal)(Plane in, int rows, const Taps& taps, int width, uint8_t* out, size_t out_stride);
  // `height` rows of `bytes` bytes; output row i is made of the input rows first[i] - offset and on.
  void (*vertical)(Plane in, int offset, const Taps& taps, int height, size_t bytes, uint8_t* out,
                   size_t out_stride);
};

// Plain C++: what the others must equal.
extern const ResizeKernels kPortableKernels;

struct NamedKernels {
  std::string name;
  ResizeKernels kernels;
};

// The vector forms that this CPU can run, best first.
std::vector<NamedKernels> vector_kernels();

}  // namespace pomona
