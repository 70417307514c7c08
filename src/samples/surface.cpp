#include "samples/surface.h"

#include <algorithm>

namespace pomona::samples {
namespace {

// Points over the chart, with differences along both directions.
class Chart {
 public:
  Chart(int columns, int rows)
      : columns_(columns), rows_(rows), points_(static_cast<size_t>(columns) * rows) {}

  Vec3& at(int column, int row) { return points_[static_cast<size_t>(row) * columns_ + column]; }
  Vec3 at(int column, int row) const { return points_[static_cast<size_t>(row) * columns_ + column]; }

  // The outward normal: u closes around, v ends at the poles.
  Vec3 normal(int column, int row) const {
    const Vec3 along_u = at((column + 1) % columns_, row) - at((column + columns_ - 1) % columns_, row);
    const Vec3 along_v = at(column, std::min(row + 1, rows_ - 1)) - at(column, std::max(row - 1, 0));
    return normalised(cross(along_v, along_u));
  }

 private:
  int columns_;
  int rows_;
  std::vector<Vec3> points_;
};

void fill_mesh(Surface& surface, const Form& form, uint32_t seed) {
  surface.points.reserve(static_cast<size_t>(surface.mesh_columns + 1) * (surface.mesh_rows + 1));
  for (int row = 0; row <= surface.mesh_rows; ++row) {
    for (int column = 0; column <= surface.mesh_columns; ++column) {
      const float u =
          static_cast<float>(column % surface.mesh_columns) / static_cast<float>(surface.mesh_columns);
      const float v = static_cast<float>(row) / static_cast<float>(surface.mesh_rows);
      surface.points.push_back(form_point(form, u, v, seed));
    }
  }
}

void fill_chart(Surface& surface, const Form& form, const Skin& skin, uint32_t seed) {
  Chart smooth(surface.columns, surface.rows);
  auto u = [&](int column) {
    return (static_cast<float>(column) + 0.5F) / static_cast<float>(surface.columns);
  };
  auto v = [&](int row) { return (static_cast<float>(row) + 0.5F) / static_cast<float>(surface.rows); };
  for (int row = 0; row < surface.rows; ++row) {
    for (int column = 0; column < surface.columns; ++column) {
      smooth.at(column, row) = form_point(form, u(column), v(row), seed);
    }
  }
  Chart raised = smooth;
  surface.texels.resize(static_cast<size_t>(surface.columns) * surface.rows);
  for (int row = 0; row < surface.rows; ++row) {
    for (int column = 0; column < surface.columns; ++column) {
      const Vec3 normal = smooth.normal(column, row);
      const SkinSample sample = sample_skin(skin, smooth.at(column, row), normal, u(column), v(row), seed);
      raised.at(column, row) = smooth.at(column, row) + normal * sample.height;
      surface.texels[static_cast<size_t>(row) * surface.columns + column].colour = sample.colour;
    }
  }
  for (int row = 0; row < surface.rows; ++row) {
    for (int column = 0; column < surface.columns; ++column) {
      surface.texels[static_cast<size_t>(row) * surface.columns + column].normal = raised.normal(column, row);
    }
  }
}

}  // namespace

Surface make_surface(const Form& form, const Skin& skin, int detail, uint32_t seed) {
  Surface surface;
  surface.rows = std::max(detail, 8);
  surface.columns = surface.rows * 2;
  surface.mesh_rows = std::clamp(surface.rows / 4, 8, 96);
  surface.mesh_columns = std::clamp(surface.rows / 3, 12, 128);
  surface.gloss = skin.gloss;
  surface.waxy = skin.waxy;
  fill_mesh(surface, form, seed);
  fill_chart(surface, form, skin, seed);
  return surface;
}

}  // namespace pomona::samples
