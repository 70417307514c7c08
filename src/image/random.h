// A few good numbers from any seed: SplitMix64 (Steele, Lea and Flood, 2014), the same on every machine.
#pragma once

#include <cstdint>

namespace pomona {

class SplitMix {
 public:
  explicit SplitMix(uint64_t seed) : state_(seed) {}

  // In [low, high).
  float uniform(float low, float high) {
    return low + (high - low) * static_cast<float>(next() >> 40) * 0x1p-24F;
  }
  bool chance(float probability) { return uniform(0, 1) < probability; }

 private:
  uint64_t next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  uint64_t state_;
};

}  // namespace pomona
