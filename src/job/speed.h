// How many photos a second a network takes on this machine, bytes to features.
#pragma once

#include <cstddef>
#include <cstdint>

#include "bundle/bundle.h"
#include "storage/storage.h"

namespace pomona {

struct Speed {
  uint64_t photos = 0;  // that were timed
  size_t threads = 0;
  double photos_per_second = 0;
};

inline constexpr size_t kTimedPhotos = 512;

// Reads, decodes and infers up to kTimedPhotos photos of the dataset's plan, a fair sample of its source,
// on `threads` threads: the best of three passes, because whatever else the machine does only takes time
// away. Starting up and compiling the network do not count. Throws Error: no_data where none can be read.
Speed measure_speed(const Storage& source, const Storage& dataset, const Bundle& bundle, size_t threads);

}  // namespace pomona
