// A fruit put together: surfaces, and where each of them stands.
#pragma once

#include <cstdint>
#include <vector>

#include "samples/species.h"
#include "samples/surface.h"

namespace pomona::samples {

struct Part {
  size_t surface = 0;  // index into Model::surfaces
  Mat3 turn;           // applied to the surface's points, after `scale`
  float scale = 1;
  Vec3 place;
};

struct Lighting {
  Vec3 towards_key;    // direction to the main lamp, seen from the fruit, in camera space
  Vec3 key;            // its colour and strength
  Vec3 ambient;        // light from everywhere
  float depth = 0.3F;  // how much darker the far side of the fruit is: little light falls between berries
};

struct Model {
  std::vector<Surface> surfaces;
  std::vector<Part> parts;
  Lighting lighting;
};

// `detail`: rows of the body's chart, from the size of the photos. `seed` decides lumps, patterns and the
// light.
Model make_model(const Species& species, int detail, uint32_t seed);

}  // namespace pomona::samples
