// Measures what INT8 needs to know of a network, and what INT8 then costs. For networks of convolutions of
// any kind.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "network/network.h"

namespace pomona {

struct CalibrationSettings {
  NetworkSettings network;  // its precision and ranges are not looked at
  // The share of a tensor's values, of one photo, that may lie below its range, and above it.
  double quantile = 1e-4;
  // Every so manieth photo is held back: it sets no range, and judges the result.
  size_t hold_back_every = 5;
};

// Fills `pixels` (size * size * 3, RGB) with photo `index`; false where that photo cannot be used. Called
// once for each index, first those that are measured, then those held back, each in order.
using PhotoSupplier = std::function<bool(size_t index, std::span<uint8_t> pixels)>;

// A tensor that INT8 holds in 8 bits, and how well. Ratios of signal power to error power in decibels, over
// the photos held back: 40 dB is an error of 1 %, 20 dB of 10 %.
struct LayerReport {
  std::string name;
  std::pair<float, float> range;
  double own_db = 0;    // from rounding and clipping this tensor alone
  double total_db = 0;  // from everything up to here being INT8: where it falls steeply, INT8 hurts
};

struct Calibration {
  Ranges ranges;                    // measured; tensors whose range follows from the op (ReLU6) are not in it
  std::vector<LayerReport> layers;  // in the order of computation
  size_t measured = 0;              // photos
  size_t held_back = 0;
  double cosine_mean = 0, cosine_min = 0;  // of features, INT8 against f32, over the photos held back
};

// The size of the photos that calibrate() will ask for.
int calibration_size(const CalibrationSettings& settings);

// A tensor's range runs from the least `quantile` to the greatest `1 - quantile` that any measured photo gave
// (linear interpolation, as numpy.quantile). Memory does not grow with the photos; the same photos give the
// same result. Throws Error (no_data) with fewer than two usable photos.
Calibration calibrate(const CalibrationSettings& settings, size_t photos, const PhotoSupplier& supply);

}  // namespace pomona
