// The augment stage: features of further views of labelled photos, for the classifier to learn from.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "bundle/feature_extractor.h"
#include "job/plan.h"
#include "job/record.h"
#include "storage/storage.h"
#include "table/augmented.h"

namespace pomona {

struct AugmentSettings {
  uint64_t views = 0;       // of each photo
  bool background = false;  // those of photos cut out before white, before something else
  std::string unknown;      // label that nothing is learnt from
  uint64_t max_bytes = 0;
  size_t threads = 1;
};

// The shards that have no valid record of these views. Records of other views go, so that whoever stops the
// stage in between does not leave views of two kinds.
std::vector<ShardRecord> shards_to_augment(Storage& dataset, const std::vector<ShardRecord>& records,
                                           const AugmentSettings& settings);

// Writes augmented/part-* for every shard that has no valid record of it (records of other views go first),
// and commits each by augmented/NNNNN.json, which names the feature part that the views belong to. A photo
// that cannot be read any more has no views. `stop` ends it after a shard: Error(interrupted); the shards
// committed so far stand.
void augment(const Storage& source, Storage& dataset, const Plan& plan,
             const std::vector<ShardRecord>& records, const AugmentSettings& settings,
             FeatureExtractor& extractor, Console& console, const std::stop_token& stop);

// Whether every shard has just these committed views of its photos.
bool augmented(const Storage& dataset, const std::vector<ShardRecord>& records, uint64_t views,
               bool background);

// The committed views of a shard, held to their record; nothing where there are none. Throws Error(corrupt).
std::optional<AugmentedTable> read_augmented(const Storage& dataset, const ShardRecord& record,
                                             uint64_t views);

}  // namespace pomona
