// The shape of one solid: a closed surface over (u, v), both in [0, 1]. u goes around, v from the top to the
// bottom.
#pragma once

#include <cstdint>

#include "samples/vector.h"

namespace pomona::samples {

enum class FormKind {
  revolution,  // around the z axis; the equator's radius is about 1
  tube,        // along an arc in the x-z plane; its length is 2 * height, its radius `radius`
};

struct Form {
  FormKind kind = FormKind::revolution;
  float height = 1;         // half of it, against the radius
  float flat = 1;           // scale along y: 1 is round
  float fullness = 0;       // 0: an ellipse in profile; 1: boxier
  float taper = 0;          // the radius shrinks towards the bottom (positive) or the top (negative)
  float neck = 0;           // how much of the radius is lost above `neck_at`, as in a pear
  float neck_at = 0;        // height where the neck begins, -1..1
  float top = 0;            // depth of the dent at the top; negative: a tip
  float bottom = 0;         // the same at the bottom
  float pole_width = 0.5F;  // radius over which a dent or a tip spreads
  float lobes = 0;          // ridges around
  float lobe_depth = 0;     // of the furrows between them
  float bend = 0;           // revolution: x shift by z squared; tube: the arc, in turns
  float lumps = 0;          // slow irregularity
  float radius = 0.3F;      // of a tube
};

// A point of the surface. `seed` chooses the lumps.
Vec3 form_point(const Form& form, float u, float v, uint32_t seed);

}  // namespace pomona::samples
