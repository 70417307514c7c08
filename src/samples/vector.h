// Vectors, rotations and the few functions of the renderer. Nothing here calls libm but sqrt and floor, which
// IEEE 754 and the C standard fix to the last bit: the same photo comes out of every machine.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace pomona::samples {

struct Vec3 {
  float x = 0, y = 0, z = 0;
};

constexpr Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
constexpr Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
constexpr Vec3 operator*(Vec3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
constexpr Vec3 operator*(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
constexpr float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline Vec3 normalised(Vec3 a) {
  const float squared = dot(a, a);
  return squared > 0 ? a * (1.0F / std::sqrt(squared)) : Vec3{0, 0, 1};
}
constexpr float mix(float a, float b, float t) { return a + (b - a) * t; }
constexpr Vec3 mix(Vec3 a, Vec3 b, float t) { return a + (b - a) * t; }

constexpr float square(float x) { return x * x; }
// 0 below `low`, 1 above `high`, smooth between.
constexpr float smooth_step(float low, float high, float x) {
  const float t = std::clamp((x - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3.0F - 2.0F * t);
}

// Sine of an angle in turns (1 = a full circle): Taylor's series on [-1/4, 1/4], good to 4e-6.
inline float sine(float turns) {
  float t = turns - std::floor(turns + 0.5F);
  if (t > 0.25F) t = 0.5F - t;
  if (t < -0.25F) t = -0.5F - t;
  const float a = t * 6.2831853F;
  const float s = a * a;
  return a * (1.0F + s * (-1.0F / 6 + s * (1.0F / 120 + s * (-1.0F / 5040 + s * (1.0F / 362880)))));
}
inline float cosine(float turns) { return sine(turns + 0.25F); }

// A rotation, by rows.
struct Mat3 {
  std::array<Vec3, 3> rows = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
};

inline Vec3 operator*(const Mat3& m, Vec3 v) {
  return {dot(m.rows[0], v), dot(m.rows[1], v), dot(m.rows[2], v)};
}
inline Mat3 transposed(const Mat3& m) {
  const auto& r = m.rows;
  return {{Vec3{r[0].x, r[1].x, r[2].x}, Vec3{r[0].y, r[1].y, r[2].y}, Vec3{r[0].z, r[1].z, r[2].z}}};
}
inline Mat3 operator*(const Mat3& a, const Mat3& b) {
  const Mat3 columns = transposed(b);
  Mat3 product;
  for (size_t row = 0; row < 3; ++row) product.rows[row] = columns * a.rows[row];
  return product;
}

enum class Axis { x, y, z };

inline Mat3 rotation(Axis axis, float turns) {
  const float c = cosine(turns);
  const float s = sine(turns);
  switch (axis) {
    case Axis::x:
      return {{Vec3{1, 0, 0}, Vec3{0, c, -s}, Vec3{0, s, c}}};
    case Axis::y:
      return {{Vec3{c, 0, s}, Vec3{0, 1, 0}, Vec3{-s, 0, c}}};
    case Axis::z:
      break;
  }
  return {{Vec3{c, -s, 0}, Vec3{s, c, 0}, Vec3{0, 0, 1}}};
}

}  // namespace pomona::samples
