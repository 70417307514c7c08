#include "job/set_aside.h"

#include <algorithm>

#include "base/reject.h"
#include "base/threads.h"
#include "job/dataset.h"

namespace pomona {
namespace {

constexpr size_t kRequests = 8;  // records asked for at the same time: they are small, and may be far away

bool is_there(const Storage& dataset, const std::string& key, const PartRecord& part) {
  const auto info = dataset.stat(key);
  return info && info->size == part.bytes;
}

// The record's parts to previous/, if they are there. `finishing` what a killed call began: then a part that
// has moved stays, and what stands in its place is of a newer shard.
void move_parts(Storage& dataset, const ShardRecord& record, bool finishing) {
  const auto move = [&](const std::string& key, const PartRecord& part) {
    const std::string target = dataset::previous(record.shards, key);
    if (finishing && is_there(dataset, target, part)) return;
    if (is_there(dataset, key, part)) dataset.move(key, target);
  };
  move(dataset::features_part(record.shard), record.features);
  move(dataset::rejects_part(record.shard), record.rejected);
  move(dataset::listing_part(record.shard), record.listing);
}

bool to_be_tried_again(const ShardRecord& record) {
  return std::ranges::any_of(record.reasons, [](const auto& reason) {
    const auto known = reason_named(reason.first);
    return known && can_pass(*known);
  });
}

}  // namespace

bool is_current(const Storage& dataset, const Plan& plan, const std::string& settings_sha256, uint64_t shard,
                const ShardRecord& record) {
  if (shard >= plan.shards.size() || record.shard != shard || record.shards != plan.shards.size())
    return false;
  const ShardPlan& planned = plan.shards[shard];
  return record.photos == planned.photos && record.listing_sha256 == planned.listing_sha256 &&
         record.settings_sha256 == settings_sha256 && !(plan.retry && to_be_tried_again(record)) &&
         parts_stand(dataset, record);
}

std::vector<ShardRecord> stale_records(const Storage& dataset, const Plan& plan,
                                       const std::string& settings_sha256, uint64_t shards_before) {
  std::vector<std::optional<ShardRecord>> found(shards_before);
  parallel_for(kRequests, shards_before, [&](size_t shard, size_t) {
    auto record = read_record(dataset, shard);
    if (!record || record->shards == 0) return;  // damaged: extracted again, from nothing
    if (!is_current(dataset, plan, settings_sha256, shard, *record)) found[shard] = std::move(record);
  });
  std::vector<ShardRecord> stale;
  for (auto& record : found) {
    if (record) stale.push_back(std::move(*record));
  }
  return stale;
}

void add_shard_counts(const std::vector<ShardRecord>& records, std::vector<uint64_t>& previous) {
  for (const ShardRecord& record : records) {
    if (std::ranges::find(previous, record.shards) == previous.end()) previous.push_back(record.shards);
  }
}

void set_aside(Storage& dataset, const Plan& plan, const std::vector<ShardRecord>& stale) {
  for (const ShardRecord& record : stale) {
    const std::string key = dataset::record(record.shard);
    dataset.move(key, dataset::previous(record.shards, key));  // first: no record may outlive its parts
    if (record.shards != plan.shards.size()) move_parts(dataset, record, false);
  }
  for (const uint64_t shards : plan.previous) {
    if (shards == plan.shards.size()) continue;
    for (uint64_t shard = 0; shard < shards; ++shard) {
      // Where a record stands in its place, the parts beside it are its own.
      if (dataset.stat(dataset::record(shard))) continue;
      const auto record = read_record(dataset, dataset::previous(shards, dataset::record(shard)), shard);
      if (record) move_parts(dataset, *record, true);
    }
  }
}

}  // namespace pomona
