// Another background for photos of something cut out before white, as studios take them.
#pragma once

#include <cstdint>
#include <span>

#include "image/decode.h"

namespace pomona {

// Whether at least nine tenths of the photo's outermost pixels are white, or nearly.
bool is_cut_out(const Image& image);

// Replaces the white that hangs together with the edges of `pixels`, size * size RGB from 0 to 255, by a
// generated background: a colour with larger and smaller spots, as `seed` says. White inside the thing stays,
// and so do shadows, which darken the new background as they did the old. A seed gives the same bits on every
// machine.
void replace_background(std::span<float> pixels, int size, uint64_t seed);

}  // namespace pomona
