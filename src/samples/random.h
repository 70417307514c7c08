// Random numbers by counting: a number is a hash of its seed and its index. The standard library's
// distributions may differ from one implementation to the next; these do not.
#pragma once

#include <cstdint>

namespace pomona::samples {

// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every bit of the input moves every bit of the
// output.
constexpr uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

class Random {
 public:
  constexpr explicit Random(uint64_t seed, uint64_t stream = 0)
      : state_(mixed(seed + 0x9e3779b97f4a7c15ULL) ^ mixed(stream + 0xd1b54a32d192ed03ULL)) {}

  constexpr uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15ULL); }
  // Evenly from [low, high).
  constexpr float uniform(float low, float high) {
    return low + (high - low) * (static_cast<float>(next() >> 40U) * (1.0F / 16777216));
  }

 private:
  uint64_t state_;
};

}  // namespace pomona::samples
