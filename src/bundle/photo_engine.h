// Photos that a caller hands in, a few at a time: the chain of the batch run, on several threads, in the
// order given.
#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "bundle/feature_extractor.h"

namespace pomona {

// A file's path, or the bytes of a file in the caller's memory.
using PhotoInput = std::variant<std::string, std::span<const std::byte>>;

struct PhotoFeatures {
  std::vector<float> features;       // one row of `dimension` numbers a photo; zeros where it was rejected
  std::vector<MaybeReject> rejects;  // one a photo
};

// Calls from several threads wait for each other.
class PhotoEngine {
 public:
  // At least one thread.
  PhotoEngine(const DecodeSettings& decode, const Network& network, size_t threads);

  size_t dimension() const { return extractor_.dimension(); }
  PhotoFeatures extract(std::span<const PhotoInput> photos);

 private:
  MaybeReject extract_one(const PhotoInput& photo, size_t worker, std::span<float> features);

  uint64_t max_bytes_;
  FeatureExtractor extractor_;
  std::vector<FeatureExtractor::Worker> workers_;
  std::vector<Buffer> files_;  // one a worker
  std::mutex mutex_;
};

}  // namespace pomona
