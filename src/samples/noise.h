// Solid noise: functions of a point in space, so that a texture has no seam where a surface closes.
#pragma once

#include <cstdint>

#include "samples/vector.h"

namespace pomona::samples {

// Smooth noise in [0, 1]: random values on the integer lattice, blended between.
float value_noise(Vec3 point, uint32_t seed);

// Three octaves of it, each twice as fine and half as strong, in [0, 1].
float fractal_noise(Vec3 point, uint32_t seed);

// Distances to the nearest and the second nearest of random points, one in each unit cube (Worley, 1996).
struct Cells {
  float nearest;
  float second;
};
Cells cell_noise(Vec3 point, uint32_t seed);

}  // namespace pomona::samples
