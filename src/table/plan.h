// plan/part-NNNNN.parquet: path, label, size, version, shard, raw_path; one row group a shard.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pomona {

struct PlanRow {
  std::string key;      // relative to the source, in the bytes of the file system
  std::string label;    // empty: none
  uint64_t size = 0;    // bytes
  std::string version;  // modification time in ns, or ETag
  uint64_t shard = 0;
};

// Rows must be sorted by shard, then key. A shard is a row group, in order of its number.
std::string encode_plan(std::span<const PlanRow> rows);
// The rows of one shard, sorted by key; none where the plan has no photo for it.
std::vector<PlanRow> decode_plan(std::string_view bytes, const std::string& object, uint64_t shard);

}  // namespace pomona
