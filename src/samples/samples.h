// A collection in the manner of Fruits-360, drawn by us: one folder a class, and in it one fruit turned on
// three axes before white. For demonstrations and tests; the same settings give the same bytes, on any
// machine with the same libjpeg, for any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>

#include "storage/storage.h"

namespace pomona {

struct SampleSettings {
  size_t classes = 12;  // 1 to 1,000: named kinds first, then varieties of them
  size_t views = 60;    // photos a class, 1 to 10,800: a third on each axis
  int size = 100;       // pixels a side, 16 to 4,096
  uint64_t seed = 0;    // another seed, another harvest
  size_t threads = 1;
};

struct SampleSummary {
  size_t classes = 0;
  size_t photos = 0;
  uint64_t bytes = 0;
};

// Writes `<class>/<axis>_<tenths of a degree>.jpg` below the destination's root: "Apple Red/x_0450.jpg" is
// the red apple turned by 45 degrees about the x axis. Throws Error where a setting is out of its range or a
// photo cannot be written.
SampleSummary write_samples(Storage& destination, const SampleSettings& settings,
                            const std::stop_token& stop = {});

}  // namespace pomona
