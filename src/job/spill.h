// Records sorted into buckets, in memory up to a bound and in unnamed temporary files beyond it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/file.h"

namespace pomona {

class SpillBuckets {
 public:
  // Temporary files are made in `folder`, and are gone when the process is.
  SpillBuckets(size_t buckets, size_t memory_bytes, std::string folder);

  void append(size_t bucket, std::string_view record);
  // All records of a bucket, one after another, in order of arrival.
  std::string take(size_t bucket) const;
  size_t size() const { return buckets_.size(); }

 private:
  struct Bucket {
    std::string memory;
    File file{-1};
    uint64_t file_bytes = 0;
  };
  void spill();

  std::vector<Bucket> buckets_;
  size_t memory_limit_;
  size_t memory_used_ = 0;
  std::string folder_;
};

}  // namespace pomona
