// What covers a solid: colours, patterns and fine relief as a function of the place on it.
#pragma once

#include <cstdint>

#include "samples/vector.h"

namespace pomona::samples {

// 0xRRGGBB, as on a colour chart.
using Hex = uint32_t;

// From a chart's colour to reflectance in [0, 1]. Gamma is taken as 2, so that the way back is a square root.
constexpr Vec3 reflectance(Hex hex) {
  auto channel = [hex](unsigned shift) {
    return square(static_cast<float>((hex >> shift) & 255U) * (1.0F / 255));
  };
  return {channel(16), channel(8), channel(0)};
}

struct Blush {
  Hex colour = 0;
  float amount = 0;  // share of the surface that the sun has reached
  float grain = 2;   // frequency of its ragged border
};

struct Stripes {
  Hex colour = 0;
  float count = 0;     // around
  float width = 0.3F;  // share of the distance between two
  float wobble = 0.5F;
};

struct Speckles {
  Hex colour = 0;
  float frequency = 0;  // of the lattice that scatters them
  float radius = 0.2F;  // in cells of the lattice
};

struct Net {
  Hex colour = 0;
  float frequency = 0;
  float width = 0.1F;
  float relief = 0;  // height of the cords
};

struct Mottle {
  float strength = 0.12F;  // of slow changes in brightness
  float frequency = 3;
};

struct Relief {
  float depth = 0;  // dimples below 0, bumps above
  float frequency = 12;
};

// Another colour around a pole, where the stem or the blossom was.
struct Pole {
  Hex colour = 0;
  float reach = 0;  // share of v, from the pole
};

struct Skin {
  Hex top = 0x808080;     // the ground colour runs from the top's
  Hex bottom = 0x808080;  // to the bottom's
  Blush blush = {};
  Stripes stripes = {};
  Speckles speckles = {};
  Net net = {};
  Mottle mottle = {};
  Relief relief = {};
  Pole top_pole = {};
  Pole bottom_pole = {};
  float gloss = 0.3F;  // strength of the highlight
  bool waxy = true;    // a small hard highlight; otherwise a broad one
};

struct SkinSample {
  Vec3 colour;       // reflectance
  float height = 0;  // relief, in the solid's own units
};

// The skin at a point of the surface whose normal is `normal`.
SkinSample sample_skin(const Skin& skin, Vec3 point, Vec3 normal, float u, float v, uint32_t seed);

}  // namespace pomona::samples
