// Listed photos as bytes, between listing and planning: sorted into 64 buckets of their paths' hashes, in
// memory up to a bound and on disk beyond it.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "job/spill.h"
#include "storage/storage.h"

namespace pomona {

class ListedRecords {
 public:
  static constexpr uint64_t kBuckets = 64;  // a power of two

  // Temporary files are made beside the results in `out`, where there is room for them.
  explicit ListedRecords(const Storage& out) : buckets_(kBuckets, kMemory, scratch_folder(out)) {}

  // The hash of its path.
  uint64_t add(const ObjectInfo& object) {
    const Record record{path_hash(object.key), object.size, static_cast<uint32_t>(object.key.size()),
                        static_cast<uint32_t>(object.version.size())};
    scratch_.assign(reinterpret_cast<const char*>(&record), sizeof record);
    scratch_ += object.key;
    scratch_ += object.version;
    buckets_.append(record.hash % kBuckets, scratch_);
    return record.hash;
  }

  // visit(hash, size, key, version) for each photo of a bucket.
  template <typename Visit>
  void for_each(uint64_t bucket, const Visit& visit) const {
    const std::string records = buckets_.take(bucket);
    for (size_t at = 0; at < records.size();) {
      Record record{};
      std::memcpy(&record, records.data() + at, sizeof record);
      at += sizeof record;
      const std::string_view key(records.data() + at, record.key_bytes);
      const std::string_view version(records.data() + at + record.key_bytes, record.version_bytes);
      at += record.key_bytes + record.version_bytes;
      visit(record.hash, record.size, key, version);
    }
  }

 private:
  static constexpr size_t kMemory = 16'000'000;  // bytes, before the listing goes to disk

  struct Record {  // then key and version
    uint64_t hash;
    uint64_t size;
    uint32_t key_bytes;
    uint32_t version_bytes;
  };

  SpillBuckets buckets_;
  std::string scratch_;
};

}  // namespace pomona
