// The weights of a bicubic resize along one axis, in Pillow's fixed point.
#pragma once

#include <cstdint>
#include <vector>

namespace pomona {

// Weights are whole numbers of 2^-22: 8 bits of the sample and 2 for overshoot leave 22 of 32.
inline constexpr int kWeightBits = 22;

// Output sample i is the sum over j < count[i] of weights[i * stride + j] * input[first[i] + j].
struct Taps {
  int stride = 0;  // room for the weights of one output sample, a multiple of 4; those beyond its count are 0
  std::vector<int> first;
  std::vector<int> count;
  std::vector<int32_t> weights;
  // The same for instructions that multiply pairs of int16: a weight is high * 2^11 + low, with low >= 0. Of
  // weights j and j + 1 (j even), pairs[i * stride + j] holds the two highs and pairs[i * stride + j + 1] the
  // two lows, j's in the lower half.
  std::vector<int32_t> pairs;
};
inline constexpr int kLowBits = 11;

// For `out` samples of an axis of `in` samples, of which the picture covers [from, to). Bicubic with a =
// -0.5, widened by the scale when shrinking: Pillow's Resample.c, to the last bit. Overwrites `taps`, whose
// memory is used again.
void make_taps(int in, float from, float to, int out, Taps& taps);

}  // namespace pomona
