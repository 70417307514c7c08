// A solid made ready for drawing: a coarse mesh of its form, and a fine chart of its skin and normals.
#pragma once

#include <cstdint>
#include <vector>

#include "samples/form.h"
#include "samples/skin.h"

namespace pomona::samples {

struct Texel {
  Vec3 normal;  // with the relief in it
  Vec3 colour;  // reflectance
};

struct Surface {
  // Mesh: (mesh_columns + 1) x (mesh_rows + 1) points, row by row; the last column repeats the first.
  int mesh_columns = 0;
  int mesh_rows = 0;
  std::vector<Vec3> points;
  // Chart: columns x rows texels, whose centres lie at ((i + 0.5) / columns, (j + 0.5) / rows).
  int columns = 0;
  int rows = 0;
  std::vector<Texel> texels;
  float gloss = 0;
  bool waxy = true;

  Vec3 point(int column, int row) const {
    return points[static_cast<size_t>(row) * (mesh_columns + 1) + column];
  }
};

// `detail`: rows of the chart; the mesh and the columns follow from it.
Surface make_surface(const Form& form, const Skin& skin, int detail, uint32_t seed);

}  // namespace pomona::samples
