#include "job/spill.h"

#include <cerrno>

#include "base/error.h"

namespace pomona {
SpillBuckets::SpillBuckets(size_t buckets, size_t memory_bytes, std::string folder)
    : buckets_(buckets), memory_limit_(memory_bytes), folder_(std::move(folder)) {}

void SpillBuckets::append(size_t bucket, std::string_view record) {
  buckets_[bucket].memory += record;
  memory_used_ += record.size();
  if (memory_used_ > memory_limit_) spill();
}

void SpillBuckets::spill() {
  for (Bucket& bucket : buckets_) {
    if (!bucket.file.ok()) {
      File opened = open_unnamed(folder_);
      if (!opened.ok()) throw system_error("plan", folder_, errno);
      bucket.file.replace(std::move(opened));
    }
    if (!write_fully(bucket.file.get(), std::as_bytes(std::span(bucket.memory)))) {
      throw system_error("plan", folder_, errno);
    }
    bucket.file_bytes += bucket.memory.size();
    bucket.memory.clear();
  }
  memory_used_ = 0;
}

std::string SpillBuckets::take(size_t bucket) const {
  const Bucket& from = buckets_[bucket];
  std::string records(from.file_bytes, '\0');
  if (from.file_bytes > 0 && (::lseek(from.file.get(), 0, SEEK_SET) != 0 ||
                              read_fully(from.file.get(), std::as_writable_bytes(std::span(records))) !=
                                  static_cast<ptrdiff_t>(from.file_bytes))) {
    throw system_error("plan", folder_, errno);
  }
  return records + from.memory;
}

}  // namespace pomona
