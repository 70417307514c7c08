#include "samples/form.h"

#include <algorithm>
#include <cmath>

#include "samples/noise.h"

namespace pomona::samples {
namespace {

float lobe_factor(const Form& form, float u) {
  if (form.lobes <= 0) return 1;
  // Broad ridges and narrow furrows: 1 - |sine|, rounded where the sine changes its sign.
  const float furrow = 1.0F - std::sqrt(square(sine(u * form.lobes * 0.5F)) + 0.015F);
  return 1.0F - form.lobe_depth * furrow * furrow;
}

Vec3 revolution_point(const Form& form, float u, float v) {
  const float s = std::max(0.0F, sine(v * 0.5F));
  const float c = cosine(v * 0.5F);
  float radius = mix(s, std::sqrt(s), form.fullness);
  radius *= 1.0F + form.taper * 0.5F * (c - std::abs(form.taper) * 0.3F);
  radius *= 1.0F - form.neck * smooth_step(form.neck_at, form.neck_at + 0.9F, c);
  radius *= mix(1.0F, lobe_factor(form, u), std::min(1.0F, 2.0F * s));
  // Near the poles the radius is small: there the surface is pushed in (dent) or pulled out (tip).
  const float polar = square(std::max(0.0F, 1.0F - s / form.pole_width));
  const float pull = c > 0 ? -form.top * polar : form.bottom * polar;
  const float z = form.height * c + pull;
  return {radius * cosine(u) + form.bend * c * c, radius * sine(u) * form.flat, z};
}

Vec3 tube_point(const Form& form, float u, float v) {
  // Both ends close over `cap` of the length; the radius tapers between.
  const float cap = 0.12F;
  const float edge = std::min({v / cap, (1.0F - v) / cap, 1.0F});
  float radius = form.radius * std::sqrt(std::max(0.0F, edge * (2.0F - edge)));
  radius *= 1.0F - form.taper * v;
  radius *= 1.0F - form.neck * (1.0F - smooth_step(0.0F, 0.3F, v));
  radius *= lobe_factor(form, u);
  const float length = 2.0F * form.height;
  const float across = radius * cosine(u);
  const float y = radius * sine(u) * form.flat;
  if (std::abs(form.bend) < 1e-3F) return {across, y, length * (0.5F - v)};
  const float arc_radius = length / (form.bend * 6.2831853F);
  const float angle = form.bend * (0.5F - v);
  const float from_centre = arc_radius + across;
  return {from_centre * cosine(angle) - arc_radius, y, from_centre * sine(angle)};
}

}  // namespace

Vec3 form_point(const Form& form, float u, float v, uint32_t seed) {
  const Vec3 point = form.kind == FormKind::tube ? tube_point(form, u, v) : revolution_point(form, u, v);
  if (form.lumps <= 0) return point;
  const float swell = fractal_noise(point * 1.3F + Vec3{7, 7, 7}, seed) - 0.5F;
  return point * (1.0F + form.lumps * swell);
}

}  // namespace pomona::samples
