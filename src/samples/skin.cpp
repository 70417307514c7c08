#include "samples/skin.h"

#include <algorithm>
#include <cmath>

#include "samples/noise.h"

namespace pomona::samples {
namespace {

// The side of the fruit that hung in the sun.
constexpr Vec3 kSunSide = {0.77F, 0.35F, 0.53F};

float blush_weight(const Skin& skin, Vec3 point, Vec3 normal, uint32_t seed) {
  const float side = 0.5F + 0.5F * dot(normal, kSunSide);
  const float ragged = fractal_noise(point * skin.blush.grain, seed + 11) - 0.5F;
  return smooth_step(-0.35F, 0.35F, side + ragged - (1.0F - skin.blush.amount));
}

float stripe_weight(const Skin& skin, Vec3 point, float u, float v, uint32_t seed) {
  const float phase =
      u * skin.stripes.count + skin.stripes.wobble * (fractal_noise(point * 4.0F, seed + 23) - 0.5F);
  const float from_middle = 2.0F * std::abs(phase - std::floor(phase) - 0.5F);
  const float towards_poles = std::min(1.0F, 8.0F * std::min(v, 1.0F - v));
  return towards_poles *
         (1.0F - smooth_step(skin.stripes.width - 0.15F, skin.stripes.width + 0.15F, from_middle));
}

Vec3 with_poles(const Skin& skin, Vec3 colour, float v) {
  if (skin.top_pole.reach > 0) {
    const float weight = 1.0F - smooth_step(0.3F * skin.top_pole.reach, skin.top_pole.reach, v);
    colour = mix(colour, reflectance(skin.top_pole.colour), weight);
  }
  if (skin.bottom_pole.reach > 0) {
    const float weight = 1.0F - smooth_step(0.3F * skin.bottom_pole.reach, skin.bottom_pole.reach, 1.0F - v);
    colour = mix(colour, reflectance(skin.bottom_pole.colour), weight);
  }
  return colour;
}

}  // namespace

SkinSample sample_skin(const Skin& skin, Vec3 point, Vec3 normal, float u, float v, uint32_t seed) {
  SkinSample sample{mix(reflectance(skin.top), reflectance(skin.bottom), smooth_step(0.1F, 0.9F, v))};
  auto cover = [&sample](Hex colour, float weight) {
    sample.colour = mix(sample.colour, reflectance(colour), weight);
  };

  if (skin.blush.amount > 0) cover(skin.blush.colour, blush_weight(skin, point, normal, seed));
  if (skin.stripes.count > 0) cover(skin.stripes.colour, stripe_weight(skin, point, u, v, seed));
  if (skin.speckles.frequency > 0) {
    const float distance = cell_noise(point * skin.speckles.frequency, seed + 37).nearest;
    cover(skin.speckles.colour,
          1.0F - smooth_step(0.7F * skin.speckles.radius, skin.speckles.radius, distance));
  }
  if (skin.net.frequency > 0) {
    const Cells cells = cell_noise(point * skin.net.frequency, seed + 41);
    const float cord =
        1.0F - smooth_step(0.4F * skin.net.width, skin.net.width, cells.second - cells.nearest);
    cover(skin.net.colour, cord);
    sample.height += skin.net.relief * cord;
  }
  if (skin.relief.depth != 0) {
    const float distance = cell_noise(point * skin.relief.frequency, seed + 53).nearest;
    sample.height += skin.relief.depth * (1.0F - smooth_step(0.0F, 0.6F, distance));
  }
  const float cloud = fractal_noise(point * skin.mottle.frequency, seed + 61) - 0.5F;
  sample.colour = with_poles(skin, sample.colour, v) * (1.0F + 2.0F * skin.mottle.strength * cloud);
  return sample;
}

}  // namespace pomona::samples
