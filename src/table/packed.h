// index/part-NNNNN.parquet of a packed dataset: where each photo stands. docs/formats/packed.md
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pomona {

struct PackedRow {
  std::string key;      // relative to the source, in the bytes of the file system
  uint64_t size = 0;    // bytes
  std::string version;  // of the photo when it was packed
  uint32_t piece = 0;   // the tar that holds it, among those of its bucket
  uint64_t offset = 0;  // of its first byte in the tar
  std::string sha256;   // of its bytes
  std::string reason;   // why it could not be packed, and then it has no bytes in a tar; empty: it is packed
  std::string detail;
};

// photos-00003.tar; further pieces of a bucket that one tar does not hold: photos-00003-00001.tar.
std::string tar_name(uint64_t bucket, uint32_t piece);

std::string encode_packed(std::span<const PackedRow> rows, uint64_t bucket);
// Throws Error(corrupt) naming `object` where the bytes are no such table, or name a tar of another bucket.
std::vector<PackedRow> decode_packed(std::string_view bytes, uint64_t bucket, const std::string& object);

}  // namespace pomona
