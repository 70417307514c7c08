// A shard's commit record, written last: without it the shard's parts do not count.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/storage.h"

namespace pomona {

inline constexpr uint64_t kMostShards = uint64_t{1} << 32U;  // what claims more is damaged

struct PartRecord {
  uint64_t bytes = 0;
  std::string sha256;

  bool operator==(const PartRecord&) const = default;
};

struct ShardRecord {
  uint64_t shard = 0;
  uint64_t shards = 0;  // of the whole dataset
  uint64_t photos = 0;
  uint64_t rows = 0;
  uint64_t rejects = 0;
  std::map<std::string, uint64_t> reasons;  // rejects by reason
  std::string listing_sha256;
  std::string settings_sha256;  // of the settings that shape the features
  PartRecord features;
  PartRecord rejected;
  PartRecord listing;  // what the rows were made from; without a hash in records older than it

  bool operator==(const ShardRecord&) const = default;
};

void write_record(Storage& dataset, const ShardRecord& record);
// Nothing where there is no record, or none that this program understands and that adds up: a damaged record
// is as good as none, and its shard is extracted again.
std::optional<ShardRecord> read_record(const Storage& dataset, uint64_t shard);
// The same of a record that stands elsewhere.
std::optional<ShardRecord> read_record(const Storage& dataset, const std::string& key, uint64_t shard);
// The keys of the record's parts that are not there with the sizes that it says.
std::vector<std::string> missing_parts(const Storage& dataset, const ShardRecord& record);
// Whether there is none.
bool parts_stand(const Storage& dataset, const ShardRecord& record);

}  // namespace pomona
