// A dataset's own photos as the listing of a run: for another try at those whose reason can pass.
#pragma once

#include <nlohmann/json.hpp>

#include "job/plan.h"
#include "job/settings.h"
#include "storage/storage.h"

namespace pomona {

// The committed photos of a dataset of `shards` shards as they were listed; those that were rejected for a
// reason that can pass (can_pass()) as they are in the source now, if they are there. Throws Error(no_data)
// where a shard is not committed.
Lister committed_photos(const Storage& source, const Storage& dataset, uint64_t shards);

// The settings of a finished run, from what its dataset remembers, but for the network's. `settings` gives
// what shapes no result.
JobSettings remembered_settings(const nlohmann::json& made_with, JobSettings settings);

}  // namespace pomona
