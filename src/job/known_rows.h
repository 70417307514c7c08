// What earlier runs know of the photos of a new plan: rows that are copied, not inferred again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "job/plan.h"
#include "job/record.h"
#include "job/shard_work.h"
#include "storage/storage.h"
#include "table/listing.h"

namespace pomona {

// A photo's row is known where an older shard (set_aside.h) lists it with the same path, size and version,
// was made with the same settings, and all its parts are those that its record says. Labels do not count:
// they come from the new plan. Thread-safe.
class KnownRows {
 public:
  KnownRows(const Storage& dataset, const Plan& plan, std::string settings_sha256)
      : dataset_(dataset), plan_(plan), settings_sha256_(std::move(settings_sha256)) {}

  // Fills in the results of known photos, and settles the shard. One older shard is in memory at a time.
  void fill(ShardWork& work) const;

 private:
  struct OldShard {
    uint64_t shards;  // of the plan that it belongs to
    ShardRecord record;
    std::vector<ListedRow> listing;
  };
  struct Match {
    size_t photo;  // of the new shard
    size_t row;    // among the older shard's features, or among its rejects
    bool rejected;
  };

  std::optional<OldShard> read_old(uint64_t shards, uint64_t shard) const;
  void fill_from(ShardWork& work, const OldShard& old) const;
  void copy_features(ShardWork& work, const OldShard& old, const std::vector<Match>& matches) const;
  void copy_rejects(ShardWork& work, const OldShard& old, const std::vector<Match>& matches) const;
  static std::vector<Match> matches_of(ShardWork& work, const OldShard& old);

  const Storage& dataset_;
  const Plan& plan_;
  std::string settings_sha256_;
};

// The shards of a plan of `from` shards that photos of shard `shard` of `to` can stand in; both are powers of
// two.
std::vector<uint64_t> shards_with_photos_of(uint64_t shard, uint64_t to, uint64_t from);

// A part of an older shard, in its place or set aside: nothing where neither is what the record says.
std::optional<std::string> read_old_part(const Storage& dataset, uint64_t shards, const std::string& key,
                                         const PartRecord& part);

}  // namespace pomona
