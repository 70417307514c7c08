// The extract stage: every photo of the plan to features or a reject, shard by shard.
#pragma once

#include <cstdint>
#include <span>
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

// The shards that have no valid record. `records` (one a shard) is filled with those of the others. Where
// `clear` is set, records that are not valid are removed, and run.json, which speaks of features that are
// about to change: an interrupted run must not leave records of two listings, or of two settings, that others
// would read as one dataset.
std::vector<uint64_t> open_shards(Storage& dataset, const Plan& plan, const std::string& settings_sha256,
                                  bool clear, std::vector<ShardRecord>& records);

// Tells which of so many shards are done before the work begins: all but the `open` ones (ascending).
void tell_kept_shards(size_t shards, std::span<const uint64_t> open, Console& console);

// Extracts the shards that have no current record (set_aside.h), but for photos whose rows are known
// (known_rows.h), and commits each as its last photo is done. `stop` ends it
// after the photos in hand: Error(interrupted). On any error the shards committed so far stand; the work on
// those that were not complete (at most three) is dropped. With `only`, a task's share: these shards of the
// plan alone, and nothing is removed, since another attempt of the same task may be at work beside this one.
ExtractResult extract(const Storage& source, Storage& dataset, const Plan& plan,
                      const std::string& settings_sha256, uint64_t max_bytes, FeatureExtractor& extractor,
                      size_t threads, Console& console, const std::stop_token& stop,
                      const std::vector<uint64_t>& only = {});

}  // namespace pomona
