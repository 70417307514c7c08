#include "samples/render.h"

#include <algorithm>
#include <cmath>

#include "samples/random.h"

namespace pomona::samples {
namespace {

constexpr int kOversampling = 2;
constexpr float kMargin = 0.01F;  // of the photo's side, left white around the fruit
constexpr float kNowhere = -1e9F;

struct Bounds {
  Vec3 low = {1e9F, 1e9F, 1e9F};
  Vec3 high = {-1e9F, -1e9F, -1e9F};

  void add(Vec3 p) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
  }
};

// The chart between texels: u closes around, v ends at the poles.
Texel chart_at(const Surface& surface, float u, float v) {
  const float x =
      std::max(0.0F, u * static_cast<float>(surface.columns) + 0.5F);  // + 1, so that it truncates downwards
  const float y =
      std::clamp(v * static_cast<float>(surface.rows) - 0.5F, 0.0F, static_cast<float>(surface.rows - 1));
  const int column = std::min(static_cast<int>(x), surface.columns);
  const int row = static_cast<int>(y);
  const float across = x - static_cast<float>(column);
  const float down = y - static_cast<float>(row);
  const int left = column == 0 ? surface.columns - 1 : column - 1;
  const int right = column == surface.columns ? 0 : column;
  const Texel* above = surface.texels.data() + static_cast<size_t>(row) * surface.columns;
  const Texel* below = row + 1 < surface.rows ? above + surface.columns : above;
  auto blend = [&](auto field) {
    return mix(mix(above[left].*field, above[right].*field, across),
               mix(below[left].*field, below[right].*field, across), down);
  };
  return {blend(&Texel::normal), blend(&Texel::colour)};
}

}  // namespace

// From the model's space to samples: scale and centre.
struct Renderer::Frame {
  float scale = 1;
  Vec3 centre;
  float back = 0;           // z of the farthest point
  float inverse_depth = 0;  // 1 / (nearest - farthest)
};

// The light as one part sees it: directions in the part's own space, so that normals need no turning.
struct Renderer::PartLight {
  Vec3 key_direction;
  Vec3 half_way;  // between lamp and camera
  Vec3 camera;
  const Lighting* lighting = nullptr;
  float back = 0;
  float inverse_depth = 0;

  Vec3 shade(const Texel& texel, const Surface& surface, float z) const {
    const Vec3& normal = texel.normal;  // between neighbours of unit length: near enough to it
    const float lambert = std::max(0.0F, (dot(normal, key_direction) + 0.15F) * (1.0F / 1.15F));
    const float facing = std::max(0.0F, dot(normal, camera));
    const float near = std::clamp((z - back) * inverse_depth, 0.0F, 1.0F);
    const float open = 1.0F - lighting->depth * (1.0F - near);
    const Vec3 light = (lighting->key * lambert + lighting->ambient * (0.55F + 0.45F * facing)) * open;
    // Blinn-Phong with exponents 64 and 8, by squaring.
    float highlight = square(square(square(std::max(0.0F, dot(normal, half_way)))));
    if (surface.waxy) highlight = square(square(square(highlight)));
    return texel.colour * light + lighting->key * (highlight * surface.gloss * 0.55F * open);
  }
};

Renderer::Renderer(int size)
    : size_(size),
      samples_(size * kOversampling),
      depth_(static_cast<size_t>(samples_) * samples_),
      colour_(depth_.size()),
      photo_(static_cast<size_t>(size) * size * 3) {}

Renderer::Frame Renderer::fit(const Model& model, const Mat3& view) const {
  Bounds bounds;
  for (const Part& part : model.parts) {
    const Mat3 turn = view * part.turn;
    const Vec3 place = view * part.place;
    for (const Vec3& point : model.surfaces[part.surface].points)
      bounds.add(turn * (point * part.scale) + place);
  }
  const Vec3 extent = bounds.high - bounds.low;
  Frame frame;
  frame.scale = static_cast<float>(samples_) * (1.0F - 2.0F * kMargin) / std::max(extent.x, extent.y);
  frame.centre = (bounds.low + bounds.high) * 0.5F;
  frame.back = (bounds.low.z - frame.centre.z) * frame.scale;
  frame.inverse_depth = 1.0F / (extent.z * frame.scale);
  return frame;
}

std::span<const uint8_t> Renderer::render(const Model& model, const Mat3& view, uint64_t grain_seed) {
  std::fill(depth_.begin(), depth_.end(), kNowhere);
  const Frame frame = fit(model, view);
  for (const Part& part : model.parts) draw_part(model, part, view, frame);
  resolve(grain_seed);
  return photo_;
}

void Renderer::draw_part(const Model& model, const Part& part, const Mat3& view, const Frame& frame) {
  const Surface& surface = model.surfaces[part.surface];
  const Mat3 turn = view * part.turn;
  const Vec3 place = view * part.place - frame.centre;
  const float middle = 0.5F * static_cast<float>(samples_);
  vertices_.clear();
  for (const Vec3& point : surface.points) {
    const Vec3 p = (turn * (point * part.scale) + place) * frame.scale;
    vertices_.push_back({middle + p.x, middle - p.y, p.z});  // rows run downwards
  }

  const Mat3 back = transposed(turn);
  const Vec3 camera = {0, 0, 1};
  const PartLight light = {back * model.lighting.towards_key,
                           back * normalised(model.lighting.towards_key + camera),
                           back * camera,
                           &model.lighting,
                           frame.back,
                           frame.inverse_depth};
  const int stride = surface.mesh_columns + 1;
  const float du = 1.0F / static_cast<float>(surface.mesh_columns);
  const float dv = 1.0F / static_cast<float>(surface.mesh_rows);
  for (int row = 0; row < surface.mesh_rows; ++row) {
    for (int column = 0; column < surface.mesh_columns; ++column) {
      const size_t vertex = static_cast<size_t>(row) * stride + column;
      const float u = static_cast<float>(column) * du;
      const float v = static_cast<float>(row) * dv;
      const Corner above_left{vertex, u, v};
      const Corner above_right{vertex + 1, u + du, v};
      const Corner below_left{vertex + stride, u, v + dv};
      const Corner below_right{vertex + stride + 1, u + du, v + dv};
      draw_triangle(surface, light, {above_left, below_left, above_right});
      draw_triangle(surface, light, {above_right, below_left, below_right});
    }
  }
}

void Renderer::draw_triangle(const Surface& surface, const PartLight& light,
                             const std::array<Corner, 3>& corners) {
  const Vertex a = vertices_[corners[0].vertex];
  const Vertex ab = vertices_[corners[1].vertex] - a;
  const Vertex ac = vertices_[corners[2].vertex] - a;
  const float area = ab.x * ac.y - ab.y * ac.x;
  if (!(area < 0)) return;  // turned away, or without extent
  const float inverse = 1.0F / area;
  const auto [left, right] = covered(a.x, ab.x, ac.x);
  const auto [top, bottom] = covered(a.y, ab.y, ac.y);
  const float b_step = ac.y * inverse;  // of the weight of corner b from one column to the next
  const float c_step = -ab.y * inverse;
  for (int y = top; y <= bottom; ++y) {
    const float py = static_cast<float>(y) + 0.5F - a.y;
    const float b_row = -py * ac.x * inverse;
    const float c_row = py * ab.x * inverse;
    for (int x = left; x <= right; ++x) {
      const float px = static_cast<float>(x) + 0.5F - a.x;
      const float b = px * b_step + b_row;
      const float c = px * c_step + c_row;
      // A little outside counts too, so that rounding leaves no gap between neighbours.
      if (std::min({b, c, 1.0F - b - c}) < -1e-5F) continue;
      const float z = a.z + b * ab.z + c * ac.z;
      const size_t index = static_cast<size_t>(y) * samples_ + x;
      if (z <= depth_[index]) continue;
      depth_[index] = z;
      const float u = corners[0].u + b * (corners[1].u - corners[0].u) + c * (corners[2].u - corners[0].u);
      const float v = corners[0].v + b * (corners[1].v - corners[0].v) + c * (corners[2].v - corners[0].v);
      colour_[index] = light.shade(chart_at(surface, u, v), surface, z);
    }
  }
}

// The samples whose centres a triangle may cover along one axis: from its first corner and its edges from
// there.
std::pair<int, int> Renderer::covered(float first, float to_second, float to_third) const {
  const float low = first + std::min({0.0F, to_second, to_third});
  const float high = first + std::max({0.0F, to_second, to_third});
  return {std::max(0, static_cast<int>(low)), std::min(samples_ - 1, static_cast<int>(high))};
}

void Renderer::resolve(uint64_t grain_seed) {
  Random random(grain_seed);
  uint8_t* out = photo_.data();
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x, out += 3) {
      Vec3 sum;
      int covered = 0;
      for (int sample = 0; sample < kOversampling * kOversampling; ++sample) {
        const int row = y * kOversampling + sample / kOversampling;
        const int column = x * kOversampling + sample % kOversampling;
        const size_t index = static_cast<size_t>(row) * samples_ + column;
        if (depth_[index] == kNowhere) {
          sum = sum + Vec3{1, 1, 1};
        } else {
          sum = sum + colour_[index];
          ++covered;
        }
      }
      // The noise of a camera, on the fruit only: the background is cut away.
      const float grain = covered > 0 ? random.uniform(-2.5F, 2.5F) : 0.0F;
      auto level = [&](float total) {
        const float value = std::sqrt(std::min(1.0F, total * 0.25F)) * 255.0F + grain + 0.5F;
        return static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F));
      };
      out[0] = level(sum.x);
      out[1] = level(sum.y);
      out[2] = level(sum.z);
    }
  }
}

}  // namespace pomona::samples
