#include "network/quality.h"

#include <algorithm>
#include <cmath>

namespace pomona::network {

float quantile(std::span<float> values, double q) {
  const double position = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(position);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  const double low = *at;
  if (below + 1 == values.size()) return *at;
  const double high = *std::min_element(at + 1, values.end());
  return static_cast<float>(low + (position - static_cast<double>(below)) * (high - low));
}

double cosine(std::span<const float> a, std::span<const float> b) {
  double product = 0, a_square = 0, b_square = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    product += static_cast<double>(a[i]) * b[i];
    a_square += static_cast<double>(a[i]) * a[i];
    b_square += static_cast<double>(b[i]) * b[i];
  }
  const double norm = std::sqrt(a_square) * std::sqrt(b_square);
  return norm > 0 ? product / norm : (a_square == b_square ? 1 : 0);
}

void NoiseRatio::add(std::span<const float> signal, std::span<const float> approximation) {
  for (size_t i = 0; i < signal.size(); ++i) {
    const double difference = static_cast<double>(signal[i]) - approximation[i];
    signal_ += static_cast<double>(signal[i]) * signal[i];
    error_ += difference * difference;
  }
}

void NoiseRatio::add_rounding(std::span<const float> signal, std::pair<float, float> range) {
  const double low = range.first;
  const double step = (static_cast<double>(range.second) - low) / 255;
  for (const float value : signal) {
    const double clipped = std::clamp<double>(value, low, range.second);
    const double rounded = low + std::nearbyint((clipped - low) / step) * step;
    signal_ += static_cast<double>(value) * value;
    error_ += (value - rounded) * (value - rounded);
  }
}

double NoiseRatio::decibels() const {
  if (error_ == 0) return kNoError;
  return signal_ > 0 ? 10 * std::log10(signal_ / error_) : -kNoError;
}

}  // namespace pomona::network
