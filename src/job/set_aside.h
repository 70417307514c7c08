// Between two listings: the shards that an older plan left are set aside until the new plan is committed.
//
// A record that does not speak of the new plan moves from shards/ to previous/<its shard count>/shards/, so
// that readers, who follow records, see a shard that is missing, and never two listings as one dataset. Its
// parts stay where they are, to be overwritten by the commit of just this shard, or move to previous/ too
// where the number of shards changed: then photos move between shards, and a part is needed after another
// shard has taken its name. What a record says is held to the parts' hashes, so a kill between any two of
// these steps costs at most the rows of the shards that were being written, never their truth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "job/plan.h"
#include "job/record.h"
#include "storage/storage.h"

namespace pomona {

// Whether the record speaks of just this plan and these settings, its parts stand, and none of its photos is
// to be tried again (Plan::retry).
bool is_current(const Storage& dataset, const Plan& plan, const std::string& settings_sha256, uint64_t shard,
                const ShardRecord& record);

// The records of shards below `shards_before` that are not current.
std::vector<ShardRecord> stale_records(const Storage& dataset, const Plan& plan,
                                       const std::string& settings_sha256, uint64_t shards_before);

// Adds the shard counts of the records to `previous`, where they are not there yet.
void add_shard_counts(const std::vector<ShardRecord>& records, std::vector<uint64_t>& previous);

// Sets the stale records aside, and finishes what a killed call left of it: Plan::previous, which must be on
// record by now, says where to look.
void set_aside(Storage& dataset, const Plan& plan, const std::vector<ShardRecord>& stale);

}  // namespace pomona
