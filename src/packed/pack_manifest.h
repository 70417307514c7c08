// pack.json: what makes a folder a packed dataset; and the commit records of its buckets.
//
// A photo's bucket is path_hash(path) mod `buckets`, a power of two. Within a bucket photos stand in order of
// the reversed bits of that hash: whatever the number of shards of a run, the photos of one shard stand
// together in a tar.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/storage.h"

namespace pomona {

inline constexpr const char* kPackManifest = "pack.json";

struct PackedFile {
  uint64_t bytes = 0;
  std::string sha256;
};

// index/NNNNN.json: written when the bucket's tars and its index stand.
struct BucketRecord {
  uint64_t bucket = 0;
  uint64_t photos = 0;  // packed + rejects
  uint64_t packed = 0;
  uint64_t rejects = 0;
  std::map<std::string, uint64_t> reasons;  // rejects by reason
  std::string listing_sha256;               // of the photos, the bucket count and the limits
  PackedFile index;
  std::vector<PackedFile> tars;
};

struct PackManifest {
  bool complete = false;
  uint64_t buckets = 0;
  std::vector<BucketRecord> records;  // one a bucket, where it is complete
};

std::string index_part(uint64_t bucket);     // index/part-00000.parquet
std::string bucket_record(uint64_t bucket);  // index/00000.json

// The place of a key within its bucket: its hash with the bits reversed.
uint64_t pack_order(std::string_view key);

void write_bucket_record(Storage& packed, const BucketRecord& record);
// Nothing where there is none, or none that this program understands.
std::optional<BucketRecord> read_bucket_record(const Storage& packed, uint64_t bucket);

void write_manifest(Storage& packed, const PackManifest& manifest);
// Nothing where there is none. Throws Error(corrupt) where it is not what it should be.
std::optional<PackManifest> read_manifest(const Storage& packed);

}  // namespace pomona
