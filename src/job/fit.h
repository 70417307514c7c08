// The fit stage: scaler and PCA from the features of all shards.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "job/labels.h"
#include "job/record.h"
#include "stats/moments.h"
#include "stats/pca.h"
#include "stats/scaler.h"
#include "storage/storage.h"
#include "table/features.h"

namespace pomona {

struct FitResult {
  StandardScaler scaler;
  Pca pca;
  std::map<std::string, uint64_t> labels;  // photos by label; without those that have none
};

struct FitSettings {
  Components components;
  bool whiten = false;
  std::string unknown;  // photos of this label shape neither scaler nor PCA: their novelty must show
  size_t threads = 1;
};

// One pass over the feature parts, `threads` shards at a time; moments are merged along the tree over shard
// numbers, so the threads do not show in the result. Throws Error: no_data where no photo could be used;
// mismatch where there are fewer of them than components; interrupted where `stop` was asked for.
FitResult fit(const Storage& dataset, const std::vector<ShardRecord>& records, const FitSettings& settings,
              Console& console, const std::stop_token& stop = {});

// The same in pieces, for tasks that are done elsewhere. Whether the products of `rows` photos are summed in
// float64 throughout:
bool sums_exactly(uint64_t rows);
// The moments of a shard's photos but for those of the label `unknown`; nothing where there are none.
std::optional<Moments> shard_moments(const Storage& dataset, const ShardRecord& record,
                                     const std::string& unknown, bool exact, LabelCounts& labels);
// Throws Error(no_data) where no photo could be used.
void require_rows(const Storage& dataset, const std::vector<ShardRecord>& records);
// Scaler and PCA from the moments of all shards.
FitResult fit_moments(const Storage& dataset, const std::optional<Moments>& moments,
                      std::map<std::string, uint64_t> labels, const FitSettings& settings);

// A committed feature part's bytes, held to its record's hash. Throws Error(corrupt).
std::string read_feature_bytes(const Storage& dataset, const ShardRecord& record);

// The same, decoded.
FeatureTable read_features(const Storage& dataset, const ShardRecord& record);

// The hash of all committed features: of the parts' hashes, in order.
std::string features_sha256(const std::vector<ShardRecord>& records);

}  // namespace pomona
