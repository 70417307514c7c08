// Whether a refused object is refused alone, or stands for the whole bucket.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "storage/s3_errors.h"

namespace pomona {

// Remembers keys that should be readable: an even sample of the listing, and one that was read. When
// an object is refused, these are asked: if they are refused too, it is the bucket, and an Error.
class S3Access {
 public:
  // The prefix, with a slash at its end or empty, that a grant should cover.
  explicit S3Access(std::string prefix) : prefix_(std::move(prefix)) {}

  void listed(const std::string& key);
  void read(const std::string& key);
  // Throws Error(permission) where nothing can be read any more; returns where the object is refused alone.
  void refused(S3Client& client, const std::string& key, const S3Answer& answer);

 private:
  static constexpr size_t kSample = 16;
  static constexpr uint64_t kAskAgain = 64;  // refusals in a row

  std::string prefix_;
  std::mutex mutex_;
  uint64_t listed_ = 0;
  std::vector<std::string> sample_;
  std::string good_;  // a key that was read
  std::atomic<bool> has_good_ = false;
  std::atomic<uint64_t> in_a_row_ = 0;
  bool asked_ = false;
};

}  // namespace pomona
