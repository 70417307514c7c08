#include "job/speed.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <vector>

#include "base/error.h"
#include "base/threads.h"
#include "bundle/feature_extractor.h"
#include "job/dataset.h"
#include "job/manifest.h"
#include "table/plan.h"

namespace pomona {
namespace {

constexpr int kPasses = 3;

// Whole shards, which are buckets of hashes, until there are enough.
std::vector<ObjectInfo> sample_of(const Storage& dataset) {
  uint64_t parts = 0;
  while (dataset.stat(dataset::plan_part(parts))) ++parts;
  const auto settings = read_settings(dataset);
  const uint64_t shards = settings ? settings->value("shards", uint64_t{0}) : 0;
  std::vector<ObjectInfo> sample;
  for (uint64_t shard = 0; shard < shards && parts > 0 && sample.size() < kTimedPhotos; ++shard) {
    const std::string key = dataset::plan_part(shard % parts);
    for (const PlanRow& row : decode_plan(dataset.read(key), dataset.uri() + "/" + key, shard)) {
      sample.push_back({row.key, row.size, row.version});
    }
  }
  sample.resize(std::min(sample.size(), kTimedPhotos));
  return sample;
}

class Timer {
 public:
  Timer(const Storage& source, const Bundle& bundle, size_t threads)
      : source_(source),
        max_bytes_(bundle.decode.max_bytes),
        threads_(threads),
        extractor_(bundle.decode, bundle.network, threads),
        files_(threads),
        features_(threads, std::vector<float>(extractor_.dimension())) {
    for (size_t i = 0; i < threads; ++i) workers_.push_back(extractor_.worker());
  }

  // Seconds for the photos; `usable` of them gave features.
  double pass(const std::vector<ObjectInfo>& photos, uint64_t& usable) {
    std::atomic<uint64_t> count = 0;
    const auto start = std::chrono::steady_clock::now();
    parallel_for(threads_, photos.size(), [&](size_t photo, size_t worker) {
      if (source_.read_listed(photos[photo], max_bytes_, files_[worker])) return;
      ImageHeader header;
      StepTimes times;
      if (!workers_[worker].extract(files_[worker].span(), features_[worker], header, times)) ++count;
    });
    usable = count;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

 private:
  const Storage& source_;
  uint64_t max_bytes_;
  size_t threads_;
  FeatureExtractor extractor_;
  std::vector<FeatureExtractor::Worker> workers_;
  std::vector<Buffer> files_;
  std::vector<std::vector<float>> features_;
};

}  // namespace

Speed measure_speed(const Storage& source, const Storage& dataset, const Bundle& bundle, size_t threads) {
  const auto sample = sample_of(dataset);
  Timer timer(source, bundle, threads);
  Speed speed{0, threads, 0};
  uint64_t usable = 0;
  timer.pass({sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(std::min(sample.size(), threads))},
             usable);
  for (int pass = 0; pass < kPasses; ++pass) {
    const double seconds = timer.pass(sample, usable);
    if (usable == 0) {
      throw Error(ErrorCode::no_data, "compare", source.uri(), "none of the photos to be timed can be read");
    }
    const double rate = static_cast<double>(usable) / std::max(seconds, 1e-9);
    if (rate > speed.photos_per_second) speed = {usable, threads, rate};
  }
  return speed;
}

}  // namespace pomona
