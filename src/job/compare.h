// Several networks, sizes and precisions on the photos of one dataset: how accurate, how fast, at what price.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "classify/metrics.h"
#include "job/compare_rank.h"
#include "job/speed.h"
#include "network/network.h"
#include "storage/s3_options.h"

namespace pomona {

struct CompareSettings {
  std::vector<std::string> networks;  // as NetworkSettings::network
  std::vector<int> sizes;             // 0: the network's own
  std::vector<Precision> precisions;
  double price_per_hour = 0;  // of this machine
  size_t threads = 1;
  S3Options s3 = {};  // how S3 is reached, where OUT or its photos are there
};

struct Compared {
  std::string network;
  int size = 0;
  Precision precision = Precision::f32;
  std::string dataset;  // its features and bundle: OUT/compare/NETWORK-SIZE-PRECISION
  double accuracy = 0;  // of the photos held back
  Interval interval{0, 1};
  double log_loss = 0;
  Speed speed;
  double photos_per_unit = 0;  // of money
  Loss loss;                   // against the most accurate one
  bool dominated = false;
};

struct Comparison {
  std::vector<Compared> candidates;  // networks, then sizes, then precisions, as they were given
  size_t best = 0;
  size_t recommended = 0;
  uint64_t photos = 0;  // held back, the same for all
  uint64_t groups = 0;
};

// Extracts, fits and cross-validates each combination below OUT/compare, from the source and with the labels
// of the dataset OUT; what is there from before is used again. All are judged by the same photos in the same
// folds: those of OUT's own groups. Throws Error: no_data where OUT is not fitted or has fewer than two
// classes, and what run_extract, fit and select_strength throw; interrupted.
Comparison compare(const std::string& out, const CompareSettings& settings, Console& console,
                   const std::stop_token& stop);

}  // namespace pomona
