#include "image/taps.h"

#include <algorithm>
#include <cmath>

namespace pomona {
namespace {

// Keys' cubic convolution, a = -0.5 (Keys 1981), in the order of operations that Pillow uses.
double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

// Pillow's rounding of places; numbers down to -1 give 0, which std::lround does not.
int add_half_and_cut(double value) {
  return static_cast<int>(value + 0.5);  // NOLINT(bugprone-incorrect-roundings)
}

int32_t to_fixed(double weight) {
  const double scaled = weight * (1 << kWeightBits);
  return static_cast<int32_t>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

int32_t pair(int32_t first, int32_t second) {
  return static_cast<int32_t>((static_cast<uint32_t>(first) & 0xFFFF) |
                              (static_cast<uint32_t>(second) << 16));
}

void split_into_pairs(Taps& taps) {
  constexpr int32_t kLowMask = (1 << kLowBits) - 1;
  taps.pairs.resize(taps.weights.size());
  for (size_t i = 0; i < taps.weights.size(); i += 2) {
    const int32_t first = taps.weights[i];
    const int32_t second = taps.weights[i + 1];
    taps.pairs[i] = pair(first >> kLowBits, second >> kLowBits);
    taps.pairs[i + 1] = pair(first & kLowMask, second & kLowMask);
  }
}

}  // namespace

void make_taps(int in, float from, float to, int out, Taps& taps) {
  const double scale = static_cast<double>(to - from) / out;
  const double widening = std::max(scale, 1.0);
  const double support = 2.0 * widening;
  taps.stride = (static_cast<int>(std::ceil(support)) * 2 + 1 + 3) / 4 * 4;
  taps.first.resize(out);
  taps.count.resize(out);
  taps.weights.assign(static_cast<size_t>(out) * taps.stride, 0);
  std::vector<double> raw(taps.stride);
  for (int i = 0; i < out; ++i) {
    const double center = from + (i + 0.5) * scale;
    const int first = std::max(0, add_half_and_cut(center - support));
    const int count = std::min(in, add_half_and_cut(center + support)) - first;
    double sum = 0;
    for (int j = 0; j < count; ++j) {
      raw[j] = bicubic((j + first - center + 0.5) * (1.0 / widening));
      sum += raw[j];
    }
    taps.first[i] = first;
    taps.count[i] = count;
    for (int j = 0; j < count; ++j) {
      taps.weights[static_cast<size_t>(i) * taps.stride + j] = to_fixed(sum != 0.0 ? raw[j] / sum : raw[j]);
    }
  }
  split_into_pairs(taps);
}

}  // namespace pomona
