#include "storage/s3_access.h"

#include "base/hash.h"

namespace pomona {

void S3Access::listed(const std::string& key) {
  const std::lock_guard lock(mutex_);
  ++listed_;
  if (sample_.size() < kSample) {
    sample_.push_back(key);
  } else if (const uint64_t slot = path_hash(key) % listed_; slot < kSample) {
    sample_[slot] = key;  // a reservoir: every key with the same chance
  }
}

void S3Access::read(const std::string& key) {
  if (in_a_row_ == 0 && has_good_) return;  // no lock for each photo
  const std::lock_guard lock(mutex_);
  in_a_row_ = 0;
  good_ = key;
  has_good_ = true;
}

void S3Access::refused(S3Client& client, const std::string& key, const S3Answer& answer) {
  const std::lock_guard lock(mutex_);
  const uint64_t in_a_row = ++in_a_row_;
  if (asked_ && in_a_row % kAskAgain != 0) return;
  asked_ = true;
  std::vector<std::string> candidates = sample_;
  if (has_good_) candidates.insert(candidates.begin(), good_);
  for (const std::string& candidate : candidates) {
    if (candidate == key) continue;
    const S3Answer other = client.call({.key = candidate, .headers = {"Range: bytes=0-0"}});
    if (!other.denied() && !concerns_all(other)) {
      good_ = candidate;
      has_good_ = true;
      return;
    }
  }
  throw s3_error(client, kRead, key, prefix_.substr(0, prefix_.empty() ? 0 : prefix_.size() - 1), answer);
}

}  // namespace pomona
