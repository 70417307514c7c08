// The plan: every photo of the source, once, in the shard that the hash of its path names.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "job/settings.h"
#include "storage/storage.h"
#include "table/plan.h"

namespace pomona {

struct ShardPlan {
  uint64_t photos = 0;
  std::string listing_sha256;  // over key, size, version and label of each photo, in order
};

struct Plan {
  uint64_t photos = 0;
  uint64_t bytes = 0;             // of all photos together
  uint64_t parts = 0;             // plan/part-*: shard s is in part s mod parts
  std::vector<ShardPlan> shards;  // a power of two of them
  // Shard counts of older plans, whose rows may stand beside this one's: KnownRows looks there.
  std::vector<uint64_t> previous;
  bool retry = false;  // rejects whose reason can pass are tried again: can_pass()
};

// The number of shards: the smallest power of two that leaves at most `shard_size` photos in one, on average.
uint64_t shard_count(uint64_t photos, uint64_t shard_size);

// What the photos are: calls the visitor once for each.
using Lister = std::function<void(const Storage::Visitor&)>;

// Lists the source, then writes plan/part-* to the dataset. Memory: a 64th of the listing at a time, a hash
// of 64 digits a shard, 8 bytes a photo under a limit, and the labels of a labels file. Throws Error: no_data
// where the source holds no photo; interrupted where `stop` was asked for.
Plan make_plan(const Storage& source, Storage& dataset, const JobSettings& settings, Console& console,
               const std::stop_token& stop = {});

// The same with another listing; `uri` names it in errors.
Plan make_plan(const Lister& list, const std::string& uri, Storage& dataset, const JobSettings& settings,
               Console& console, const std::stop_token& stop = {});

// The hash of a shard's photos: over key, size, version and label of each, in order.
std::string listing_sha256(std::span<const PlanRow> photos);

// What a plan written by another process says of these shards; the others stay empty.
Plan read_plan(const Storage& dataset, uint64_t shards, std::span<const uint64_t> wanted);

// The photos of one shard, in order of their keys.
std::vector<PlanRow> read_shard_plan(const Storage& dataset, const Plan& plan, uint64_t shard);

}  // namespace pomona
