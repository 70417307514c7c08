#include "samples/model.h"

#include <algorithm>
#include <cmath>

#include "samples/random.h"

namespace pomona::samples {
namespace {

constexpr float kGoldenTurn = 0.38196601F;  // turns between neighbours on a sunflower spiral

// A rotation that takes the z axis to `direction`.
Mat3 pointing(Vec3 direction) {
  const Vec3 helper = std::abs(direction.z) < 0.9F ? Vec3{0, 0, 1} : Vec3{1, 0, 0};
  const Vec3 x = normalised(cross(helper, direction));
  return transposed(Mat3{{x, cross(direction, x), direction}});
}

// Grapes: rings on a cone that narrows downwards.
void add_bunch(Model& model, const Species& species, Random& random) {
  const float radius = species.cluster.radius;
  const int levels = 8;
  for (int level = 0, added = 0; level < levels && added < species.cluster.count; ++level) {
    const float down = static_cast<float>(level) / (levels - 1);
    const float ring = std::max(0.0F, 1.02F * (1.0F - down) * std::min(1.0F, 0.6F + 1.6F * down) + 0.08F);
    const int berries = std::max(1, static_cast<int>(ring * 6.2831853F / (1.75F * radius)));
    const float start = random.uniform(0, 1);
    for (int berry = 0; berry < berries && added < species.cluster.count; ++berry, ++added) {
      const float turn = start + static_cast<float>(berry) / static_cast<float>(berries);
      const float reach = ring + radius * random.uniform(-0.3F, 0.3F);
      const Vec3 place = {reach * cosine(turn), reach * sine(turn),
                          1.15F - 2.5F * down + random.uniform(-0.12F, 0.12F)};
      const Vec3 stalk = normalised(Vec3{0, 0, place.z + 0.4F} - place);
      model.parts.push_back({0, pointing(stalk) * rotation(Axis::z, random.uniform(0, 1)),
                             radius * random.uniform(0.88F, 1.08F), place});
    }
  }
}

// Drupelets: even over the surface of the species' form, by a spiral from pole to pole.
void add_drupelets(Model& model, const Species& species, Random& random, uint32_t seed) {
  const auto count = static_cast<float>(species.cluster.count);
  for (int index = 0; index < species.cluster.count; ++index) {
    const float v = 0.06F + 0.94F * (static_cast<float>(index) + 0.5F) / count;
    // Equal steps in height, not in angle, so that the poles are not crowded: v = acos(1 - 2t) / pi, near
    // enough.
    const float t = 2.0F * v - 1.0F;
    const float even = 0.5F + 0.5F * t * (0.64F + 0.36F * t * t * t * t);
    const Vec3 place = form_point(species.form, static_cast<float>(index) * kGoldenTurn, even, seed);
    model.parts.push_back(
        {0, pointing(normalised(place)), species.cluster.radius * random.uniform(0.9F, 1.1F), place});
  }
}

void add_body(Model& model, const Species& species, int detail, uint32_t seed) {
  Random random(seed, 1);
  switch (species.cluster.kind) {
    case Arrangement::single:
      model.surfaces.push_back(make_surface(species.form, species.skin, detail, seed));
      model.parts.push_back({});
      return;
    case Arrangement::bunch:
      model.surfaces.push_back(make_surface(species.form, species.skin, detail / 4, seed));
      add_bunch(model, species, random);
      return;
    case Arrangement::drupelets:
      model.surfaces.push_back(make_surface({}, species.skin, detail / 5, seed));
      add_drupelets(model, species, random, seed);
      return;
  }
}

// Where stem and leaves grow, and in which direction.
struct Top {
  Vec3 place;
  Vec3 direction = {0, 0, 1};
};

Top top_of(const Species& species, uint32_t seed) {
  if (species.cluster.kind == Arrangement::bunch) return {{0, 0, 1.3F}};
  const Vec3 tip = form_point(species.form, 0, 0, seed);
  const Vec3 before =
      (form_point(species.form, 0, 0.06F, seed) + form_point(species.form, 0.5F, 0.06F, seed)) * 0.5F;
  if (species.form.kind == FormKind::tube) return {tip, normalised(tip - before)};
  return {tip};
}

void add_stem(Model& model, const Species& species, const Top& top, int detail, uint32_t seed) {
  const float half = species.stem.length * 0.5F;
  const Form form = {.kind = FormKind::tube,
                     .height = half,
                     .taper = -0.25F,
                     .bend = species.stem.bend,
                     .radius = species.stem.radius};
  Skin skin;
  skin.top = skin.bottom = species.stem.colour;
  skin.mottle = {.strength = 0.4F, .frequency = 9};
  skin.gloss = 0.08F;
  model.surfaces.push_back(make_surface(form, skin, detail / 6, seed + 5));
  // The tube's lower end, not its middle, stands on the fruit, a little sunk in.
  const Vec3 foot = form_point(form, 0, 0.94F, seed + 5);
  const Mat3 turn = pointing(top.direction);
  model.parts.push_back({model.surfaces.size() - 1, turn, 1, top.place - turn * Vec3{foot.x, 0, foot.z}});
}

void add_calyx(Model& model, const Species& species, const Top& top, int detail, uint32_t seed) {
  const auto& calyx = species.calyx;
  // A leaf is a thin, pointed, slightly bent ellipsoid that stands on its lower pole.
  const float half = calyx.length * 0.5F;
  const Form leaf = {.height = half / calyx.width, .flat = 0.18F, .taper = -0.5F, .top = -0.4F};
  Skin skin;
  skin.top = skin.bottom = calyx.colour;
  skin.mottle = {.strength = 0.25F, .frequency = 4};
  skin.gloss = 0.12F;
  model.surfaces.push_back(make_surface(leaf, skin, detail / 5, seed + 9));
  Random random(seed, 2);
  for (int ring = 0; ring < calyx.rings; ++ring) {
    const float inner = static_cast<float>(ring) / static_cast<float>(calyx.rings);
    const float rise = mix(calyx.rise, 1.0F, inner);  // from lying (0) to upright (1), in quarter turns
    for (int index = 0; index < calyx.leaves; ++index) {
      const float turn =
          (static_cast<float>(index) + 0.5F * static_cast<float>(ring)) / static_cast<float>(calyx.leaves);
      const float lean = 0.25F * (1.0F - rise) + random.uniform(-0.025F, 0.025F);
      const Mat3 placed = pointing(top.direction) * rotation(Axis::z, turn + random.uniform(-0.02F, 0.02F)) *
                          rotation(Axis::y, lean) * rotation(Axis::z, 0.25F);
      const float scale = calyx.width * random.uniform(0.85F, 1.15F);
      const Vec3 up = placed * Vec3{0, 0, leaf.height * scale * 0.92F};
      model.parts.push_back({model.surfaces.size() - 1, placed, scale, top.place + up});
    }
  }
}

Lighting make_lighting(const Species& species, uint32_t seed) {
  Random random(seed, 3);
  Lighting lighting;
  lighting.towards_key = normalised({random.uniform(-0.75F, -0.15F), random.uniform(0.35F, 0.8F), 1});
  const float warmth = random.uniform(-0.06F, 0.06F);
  lighting.key = Vec3{1.0F + warmth, 1.0F, 1.0F - warmth} * random.uniform(0.82F, 1.0F);
  lighting.ambient = Vec3{1.0F - warmth, 1.0F, 1.0F + warmth} * random.uniform(0.2F, 0.28F);
  lighting.depth = species.cluster.kind == Arrangement::single ? 0.18F : 0.6F;
  return lighting;
}

}  // namespace

Model make_model(const Species& species, int detail, uint32_t seed) {
  Model model;
  add_body(model, species, detail, seed);
  const Top top = top_of(species, seed);
  if (species.stem.length > 0) add_stem(model, species, top, detail, seed);
  if (species.calyx.leaves > 0) add_calyx(model, species, top, detail, seed);
  model.lighting = make_lighting(species, seed);
  return model;
}

}  // namespace pomona::samples
