// What a dataset holds to learn from: reduced vectors of all labelled photos, and a sample of their features.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "bundle/bundle.h"
#include "job/record.h"
#include "job/stored_rows.h"
#include "storage/storage.h"

namespace pomona {

struct TrainingSet {
  // One row a photo whose label is a class, in order of shards and rows; then one a further view of these.
  std::vector<uint32_t> labels;  // index of the class
  std::vector<uint64_t> keys;    // hash of the path
  std::vector<uint64_t> groups;  // what must not be parted by cross-validation; of sampled rows only
  std::vector<uint32_t> views;   // 0: the photo itself
  std::unique_ptr<StoredRows> reduced;
  std::unique_ptr<SampledRows> features;  // of the photos with the smallest keys, at most `sample_rows`
  bool named_groups = false;              // every group comes from file names: view_groups.h

  std::vector<float> unknown;  // feature vectors of photos with the unknown label, at most `sample_rows`
};

struct TrainingSetOptions {
  std::string unknown;               // label
  uint64_t views = 0;                // further views of each photo: augment.h
  size_t sample_rows = 6'000;        // as SelectionOptions::max_rows
  size_t memory_bytes = 16'000'000;  // reduced vectors, or features, beyond this go to a temporary file
  size_t threads = 1;
  std::stop_token stop = {};
};

// Reads the feature parts twice: paths and labels first, then features, which go through the bundle's scaler
// and PCA. The threads do not show in the result. Throws Error: corrupt for a part that is not what its
// record says; no_data where there are fewer than two classes; interrupted where `stop` was asked for.
TrainingSet collect_training_set(const Storage& dataset, const std::vector<ShardRecord>& records,
                                 const Bundle& bundle, const TrainingSetOptions& options, Console& console);

}  // namespace pomona
