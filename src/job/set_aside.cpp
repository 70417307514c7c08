#include "job/set_aside.h"

#include <algorithm>

#include "base/reject.h"
#include "job/dataset.h"

namespace pomona {
namespace {

// A part to previous/, unless it is there already or neither place has it.
void move_part(Storage& dataset, const ShardRecord& record, const std::string& key, const PartRecord& part) {
  const auto here = dataset.stat(key);
  if (!here || here->size != part.bytes) return;
  dataset.move(key, dataset::previous(record.shards, key));
}

void move_parts(Storage& dataset, const ShardRecord& record) {
  move_part(dataset, record, dataset::features_part(record.shard), record.features);
  move_part(dataset, record, dataset::rejects_part(record.shard), record.rejected);
  move_part(dataset, record, dataset::listing_part(record.shard), record.listing);
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
  std::vector<ShardRecord> stale;
  for (uint64_t shard = 0; shard < shards_before; ++shard) {
    auto record = read_record(dataset, shard);
    if (!record || record->shards == 0) continue;  // damaged: extracted again, from nothing
    if (!is_current(dataset, plan, settings_sha256, shard, *record)) stale.push_back(std::move(*record));
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
    if (record.shards != plan.shards.size()) move_parts(dataset, record);
  }
  for (const uint64_t shards : plan.previous) {
    if (shards == plan.shards.size()) continue;
    for (uint64_t shard = 0; shard < shards; ++shard) {
      // Where a record stands in its place, the parts beside it are its own.
      if (dataset.stat(dataset::record(shard))) continue;
      const auto record = read_record(dataset, dataset::previous(shards, dataset::record(shard)), shard);
      if (record) move_parts(dataset, *record);
    }
  }
}

}  // namespace pomona
