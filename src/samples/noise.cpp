#include "samples/noise.h"

#include <cmath>

namespace pomona::samples {
namespace {

uint32_t lattice_hash(int x, int y, int z, uint32_t seed) {
  uint32_t h = seed * 0x9e3779b1U + static_cast<uint32_t>(x) * 0x85ebca77U +
               static_cast<uint32_t>(y) * 0xc2b2ae3dU + static_cast<uint32_t>(z) * 0x27d4eb2fU;
  h = (h ^ (h >> 15U)) * 0x2c1b3c6dU;
  h = (h ^ (h >> 12U)) * 0x297a2d39U;
  return h ^ (h >> 15U);
}

float unit(uint32_t bits) { return static_cast<float>(bits >> 8U) * (1.0F / 16777216); }

float fade(float t) { return t * t * (3.0F - 2.0F * t); }

}  // namespace

float value_noise(Vec3 point, uint32_t seed) {
  const float fx = std::floor(point.x);
  const float fy = std::floor(point.y);
  const float fz = std::floor(point.z);
  const int x = static_cast<int>(fx);
  const int y = static_cast<int>(fy);
  const int z = static_cast<int>(fz);
  const float u = fade(point.x - fx);
  const float v = fade(point.y - fy);
  const float w = fade(point.z - fz);
  auto along_x = [&](int dy, int dz) {
    return mix(unit(lattice_hash(x, y + dy, z + dz, seed)), unit(lattice_hash(x + 1, y + dy, z + dz, seed)),
               u);
  };
  return mix(mix(along_x(0, 0), along_x(1, 0), v), mix(along_x(0, 1), along_x(1, 1), v), w);
}

float fractal_noise(Vec3 point, uint32_t seed) {
  return (4.0F * value_noise(point, seed) + 2.0F * value_noise(point * 2.0F, seed + 1) +
          value_noise(point * 4.0F, seed + 2)) *
         (1.0F / 7);
}

Cells cell_noise(Vec3 point, uint32_t seed) {
  const int x = static_cast<int>(std::floor(point.x));
  const int y = static_cast<int>(std::floor(point.y));
  const int z = static_cast<int>(std::floor(point.z));
  float nearest = 1e9F;
  float second = 1e9F;
  for (int cz = z - 1; cz <= z + 1; ++cz) {
    for (int cy = y - 1; cy <= y + 1; ++cy) {
      for (int cx = x - 1; cx <= x + 1; ++cx) {
        const uint32_t h = lattice_hash(cx, cy, cz, seed);
        const Vec3 seed_point = {
            static_cast<float>(cx) + static_cast<float>(h & 1023U) * (1.0F / 1024),
            static_cast<float>(cy) + static_cast<float>((h >> 10U) & 1023U) * (1.0F / 1024),
            static_cast<float>(cz) + static_cast<float>((h >> 20U) & 1023U) * (1.0F / 1024)};
        const Vec3 gap = seed_point - point;
        const float distance = dot(gap, gap);
        if (distance < nearest) {
          second = nearest;
          nearest = distance;
        } else if (distance < second) {
          second = distance;
        }
      }
    }
  }
  return {std::sqrt(nearest), std::sqrt(second)};
}

}  // namespace pomona::samples
