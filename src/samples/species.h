// The kinds of fruit that there are: a form, a skin, and what grows on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "samples/form.h"
#include "samples/skin.h"

namespace pomona::samples {

enum class Arrangement {
  single,    // one solid
  bunch,     // many on a cone that hangs down, as grapes do
  drupelets  // many on the surface of one, as in a raspberry
};

struct Cluster {
  Arrangement kind = Arrangement::single;
  int count = 0;
  float radius = 0.3F;  // of one berry
};

struct Stem {
  float length = 0;  // 0: no stem
  float radius = 0.06F;
  float bend = 0.1F;  // in turns
  Hex colour = 0x6b4a2b;
};

// Leaves around the top, in rings: a strawberry's calyx, a pineapple's crown.
struct Calyx {
  int leaves = 0;  // in a ring
  int rings = 1;
  float length = 0.5F;
  float width = 0.2F;
  float rise = 0.1F;  // 0: lying flat; 1: upright; below 0: hanging
  Hex colour = 0x4f7a2a;
};

struct Species {
  std::string_view name;
  Form form = {};
  Skin skin = {};
  Cluster cluster = {};
  Stem stem = {};
  Calyx calyx = {};
};

// The named kinds, in the order in which a collection takes them.
std::span<const Species> named_species();

// "Banana" for the class of a named kind; "Banana 2" for a variety of it, which follows once the kinds are
// used up.
std::string name_of_class(size_t index);

// The species of class `index`: a variety has its own proportions and colours, which `seed` decides.
Species species_of_class(size_t index, uint64_t seed);

}  // namespace pomona::samples
