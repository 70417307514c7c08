// One shard while its photos are being extracted.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/buffer.h"
#include "base/reject.h"
#include "job/record.h"
#include "table/plan.h"

namespace pomona {

// What became of one photo; its features stand in the shard's matrix.
struct PhotoResult {
  MaybeReject reject;
  int32_t width = 0;
  int32_t height = 0;
  std::string sha256;
  bool known = false;  // from an earlier run: not to be done again
};

// Workers fill the slots of different photos at the same time, without a lock; whoever fills the last one
// knows it.
class ShardWork {
 public:
  // `matrix`: memory for the features, which is made larger where it is not enough.
  ShardWork(uint64_t shard, std::vector<PlanRow> photos, size_t dimension, BasicBuffer<float> matrix = {});

  uint64_t shard() const { return shard_; }
  size_t dimension() const { return dimension_; }
  const std::vector<PlanRow>& photos() const { return photos_; }
  PhotoResult& result(size_t photo) { return results_[photo]; }
  std::span<float> features(size_t photo) { return features_.span().subspan(photo * dimension_, dimension_); }

  // The photos to be done, by number: those without a known result. settle() fixes them, before any is done.
  const std::vector<size_t>& pending() const { return pending_; }
  void settle();

  size_t known_rejects() const;

  // Marks one of them as done: true for the last one.
  bool finish_one() { return remaining_.fetch_sub(1) == 1; }

  // Writes the parts, then the commit record. `record` says which listing and settings they belong to; the
  // part of features is encoded in `part`, whose memory serves the next shard.
  ShardRecord commit(Storage& dataset, ShardRecord record, std::string& part);

  // After it: the memory of the features, for another shard.
  BasicBuffer<float> take_matrix() { return std::move(features_); }

 private:
  // Moves the features of usable photos to the front, and says how many there are.
  size_t compact();

  uint64_t shard_;
  std::vector<PlanRow> photos_;
  size_t dimension_;
  std::vector<PhotoResult> results_;
  std::vector<size_t> pending_;
  BasicBuffer<float> features_;
  std::atomic<size_t> remaining_;
};

}  // namespace pomona
