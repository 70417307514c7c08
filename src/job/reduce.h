// The reduce stage: every feature row through scaler and PCA.
#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "job/labels.h"
#include "job/record.h"
#include "stats/projection.h"
#include "storage/storage.h"

namespace pomona {

struct ReduceResult {
  std::vector<PartRecord> parts;           // what was written, in order of the shards
  std::map<std::string, uint64_t> labels;  // photos by label; without those that have none
};

// Writes reduced/part-* for every shard. Throws Error: interrupted where `stop` was asked for.
ReduceResult reduce(Storage& dataset, const std::vector<ShardRecord>& records, const Projection& projection,
                    size_t threads, Console& console, const std::stop_token& stop = {});

// The same for one shard.
PartRecord reduce_shard(Storage& dataset, const ShardRecord& record, const Projection& projection,
                        LabelCounts& labels);

}  // namespace pomona
