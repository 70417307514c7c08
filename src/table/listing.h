// shards/NNNNN.parquet: what a committed shard was extracted from: path, size, version, rejected, raw_path.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pomona {

struct ListedRow {
  std::string key;        // relative to the source, in the bytes of the file system
  uint64_t size = 0;      // bytes
  std::string version;    // modification time in ns, or ETag
  bool rejected = false;  // its row is among the rejects, not among the features
};

// Rows in order of their keys: those not rejected stand in the same order in the shard's feature part, the
// others in its part of rejects.
std::string encode_listing(std::span<const ListedRow> rows);
// Throws Error(corrupt) naming `object` where the bytes are no such table.
std::vector<ListedRow> decode_listing(std::string_view bytes, const std::string& object);

}  // namespace pomona
