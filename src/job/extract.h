// The extract stage: every photo of the plan to features or a reject, shard by shard.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "base/progress.h"
#include "bundle/feature_extractor.h"
#include "job/plan.h"
#include "job/record.h"
#include "storage/storage.h"

namespace pomona {

struct ExtractResult {
  std::vector<ShardRecord> records;  // one a shard, in order
  uint64_t extracted = 0;            // photos that were read and inferred, or rejected
  StepTimes times;                   // of those photos
};

// Extracts the shards that have no current record (set_aside.h), but for photos whose rows are known
// (known_rows.h), and commits each as its last photo is done. `stop` ends it
// after the photos in hand: Error(interrupted). On any error the shards committed so far stand; the work on
// those that were not complete (at most three) is dropped.
ExtractResult extract(const Storage& source, Storage& dataset, const Plan& plan,
                      const std::string& settings_sha256, uint64_t max_bytes, FeatureExtractor& extractor,
                      size_t threads, Console& console, const std::stop_token& stop);

}  // namespace pomona
