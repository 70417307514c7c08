// How near one tensor is to another.
#pragma once

#include <span>
#include <utility>

namespace pomona::network {

// numpy.quantile(values, q) with linear interpolation; reorders `values`, which must not be empty.
float quantile(std::span<float> values, double q);

double cosine(std::span<const float> a, std::span<const float> b);

// Sums signal and error power over tensors.
class NoiseRatio {
 public:
  void add(std::span<const float> signal, std::span<const float> approximation);
  // The error of holding `signal` in 256 steps of `range`, values beyond it clipped.
  void add_rounding(std::span<const float> signal, std::pair<float, float> range);
  // 10 log10(signal / error); kNoError where there is none.
  double decibels() const;

  static constexpr double kNoError = 200;

 private:
  double signal_ = 0, error_ = 0;
};

}  // namespace pomona::network
