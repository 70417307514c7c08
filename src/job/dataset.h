// The names of a dataset's objects. What is in them: docs/formats/dataset.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pomona::dataset {

inline constexpr const char* kRun = "run.json";
inline constexpr const char* kSettings = "plan/settings.json";
inline constexpr const char* kBundle = "bundle/";
inline constexpr const char* kPredictions = "predictions/";
inline constexpr const char* kHeldBack = "held-back/part-00000.parquet";
inline constexpr const char* kMoments = "moments/";  // of a fit that is under way on a cluster
inline constexpr const char* kReport = "report.html";

std::string plan_part(uint64_t part);      // plan/part-00000.parquet
std::string record(uint64_t shard);        // shards/00000.json
std::string listing_part(uint64_t shard);  // shards/00000.parquet
std::string features_part(uint64_t shard);
std::string rejects_part(uint64_t shard);
std::string reduced_part(uint64_t shard);
std::string predictions_part(uint64_t shard);
std::string moments_part(uint64_t task);  // moments/part-00000.bin
std::string augmented_part(uint64_t shard);
std::string augmented_record(uint64_t shard);  // augmented/00000.json

// Whether a dataset has objects of this name, or its writers: nothing else is ever removed.
bool is_ours(std::string_view key);

// Where an object of an older plan of so many shards stands until it is not needed any more:
// previous/00004/<key>.
inline constexpr const char* kPrevious = "previous/";
std::string previous(uint64_t shards, const std::string& key);

}  // namespace pomona::dataset
