// run.json, and the settings that a dataset remembers from its first moment on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "job/record.h"
#include "storage/storage.h"

namespace pomona {

// What a dataset was made with: "extract" and, once it is fitted, "fit", both objects; "shards", their
// number; "source", as the user wrote it; "previous", the shard counts of older plans that stand in
// previous/. Throws Error(corrupt) where it cannot be parsed or is none of that.
std::optional<nlohmann::json> read_settings(const Storage& dataset);
void write_settings(Storage& dataset, const nlohmann::json& settings);

// run.json; nothing where the run has not ended. Throws Error(corrupt) where it cannot be parsed.
std::optional<nlohmann::json> read_run(const Storage& dataset);
void write_run(Storage& dataset, const nlohmann::json& run);

// Every shard's record. Throws Error(no_data) where one is missing: the extract stage has not ended.
std::vector<ShardRecord> read_all_records(const Storage& dataset);

// Removes records and parts of shards `first` to `last`, without the last: what an older plan with more
// shards left.
void remove_shards(Storage& dataset, uint64_t first, uint64_t last);

// Removes all of a dataset but its plan, and nothing else that may be in the folder.
void remove_results(Storage& dataset);

}  // namespace pomona
