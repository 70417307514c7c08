// Draws a model before white: a z-buffer at twice the photo's resolution, averaged down.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "samples/model.h"

namespace pomona::samples {

class Renderer {
 public:
  // Photos of size x size pixels.
  explicit Renderer(int size);

  // The model, turned by `view` and scaled to fill the photo; `grain_seed` decides the sensor's noise. RGB
  // rows without padding, valid until the next call.
  std::span<const uint8_t> render(const Model& model, const Mat3& view, uint64_t grain_seed);

 private:
  using Vertex = Vec3;  // in samples; y downwards, z towards the camera
  // A corner of a triangle, and its place on the chart.
  struct Corner {
    size_t vertex;
    float u, v;
  };
  struct PartLight;
  struct Frame;

  Frame fit(const Model& model, const Mat3& view) const;
  void draw_part(const Model& model, const Part& part, const Mat3& view, const Frame& frame);
  void draw_triangle(const Surface& surface, const PartLight& light, const std::array<Corner, 3>& corners);
  std::pair<int, int> covered(float first, float to_second, float to_third) const;
  void resolve(uint64_t grain_seed);

  int size_;
  int samples_;  // along one side
  std::vector<float> depth_;
  std::vector<Vec3> colour_;
  std::vector<Vertex> vertices_;
  std::vector<uint8_t> photo_;
};

}  // namespace pomona::samples
