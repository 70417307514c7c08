#include "samples/species.h"

#include <algorithm>
#include <cmath>

#include "samples/random.h"

namespace pomona::samples {
namespace {

// One change of colour, applied to all the colours of a variety.
struct Tint {
  Vec3 gain;
  float towards = 0;  // how far to move to `dye`
  Vec3 dye;

  Hex operator()(Hex hex) const {
    const Vec3 colour = mix(reflectance(hex) * gain, dye, towards);
    auto channel = [](float value) {
      return static_cast<Hex>(std::lround(std::sqrt(std::clamp(value, 0.0F, 1.0F)) * 255.0F));
    };
    return channel(colour.x) << 16U | channel(colour.y) << 8U | channel(colour.z);
  }
};

Tint random_tint(Random& random) {
  Tint tint;
  const float light = random.uniform(0.55F, 1.3F);
  tint.gain =
      Vec3{random.uniform(0.7F, 1.3F), random.uniform(0.7F, 1.3F), random.uniform(0.7F, 1.3F)} * light;
  tint.towards = random.uniform(0.1F, 0.5F);
  // Fruit is red, yellow, green or purple, seldom blue.
  tint.dye = {random.uniform(0.1F, 0.9F), random.uniform(0.02F, 0.7F), random.uniform(0.0F, 0.25F)};
  return tint;
}

void vary_form(Form& form, Random& random) {
  form.height *= random.uniform(0.8F, 1.25F);
  form.taper *= random.uniform(0.7F, 1.3F);
  form.neck *= random.uniform(0.6F, 1.2F);
  form.top *= random.uniform(0.6F, 1.3F);
  form.bottom *= random.uniform(0.6F, 1.3F);
  form.bend *= random.uniform(0.6F, 1.3F);
  form.lobe_depth *= random.uniform(0.6F, 1.3F);
}

void vary_skin(Skin& skin, Random& random) {
  const Tint tint = random_tint(random);
  for (Hex* colour : {&skin.top, &skin.bottom, &skin.blush.colour, &skin.stripes.colour,
                      &skin.speckles.colour, &skin.net.colour}) {
    *colour = tint(*colour);
  }
  skin.blush.amount *= random.uniform(0.5F, 1.3F);
  skin.stripes.count = std::floor(skin.stripes.count * random.uniform(0.7F, 1.5F));
  skin.speckles.frequency *= random.uniform(0.7F, 1.4F);
  skin.net.frequency *= random.uniform(0.7F, 1.4F);
  // A third of the varieties are freckled where the kind is not.
  if (skin.speckles.frequency <= 0 && random.uniform(0, 1) < 0.33F) {
    skin.speckles.colour = tint(0xd8c070);
    skin.speckles.frequency = random.uniform(4, 9);
    skin.speckles.radius = random.uniform(0.15F, 0.3F);
  }
}

}  // namespace

std::string name_of_class(size_t index) {
  const auto kinds = named_species();
  const std::string name(kinds[index % kinds.size()].name);
  const size_t round = index / kinds.size();
  return round == 0 ? name : name + ' ' + std::to_string(round + 1);
}

Species species_of_class(size_t index, uint64_t seed) {
  const auto kinds = named_species();
  Species species = kinds[index % kinds.size()];
  if (index < kinds.size()) return species;
  Random random(seed, index);
  vary_form(species.form, random);
  vary_skin(species.skin, random);
  return species;
}

}  // namespace pomona::samples
