#include "job/extract.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <thread>

#include "base/hash.h"
#include "base/text.h"
#include "job/dataset.h"
#include "job/known_rows.h"
#include "job/photo_feed.h"
#include "job/set_aside.h"
#include "job/shard_pool.h"
#include "job/stopped.h"

namespace pomona {
namespace {

using Clock = std::chrono::steady_clock;

// One worker's loop over photos.
class PhotoLoop {
 public:
  PhotoLoop(const Storage& source, uint64_t max_bytes, FeatureExtractor::Worker worker)
      : source_(source), max_bytes_(max_bytes), worker_(std::move(worker)) {}

  void process(const FedPhoto& photo) {
    extract(photo, *photo.task.shard, photo.task.photo);
    file_.shrink_above(kKeptFileBytes);
  }

  const StepTimes& times() const { return times_; }

 private:
  void extract(const FedPhoto& fed, ShardWork& shard, size_t photo) {
    const PlanRow& row = shard.photos()[photo];
    PhotoResult& result = shard.result(photo);
    object_.key = row.key;
    object_.size = row.size;
    object_.version = row.version;
    const auto start = Clock::now();
    result.reject = fed.read ? fed.read->finish(file_) : source_.read_listed(object_, max_bytes_, file_);
    times_.read += Clock::now() - start;
    if (result.reject) return;
    ImageHeader header;
    result.reject = worker_.extract(file_.span(), shard.features(photo), header, times_);
    result.width = header.width;
    result.height = header.height;
    if (!result.reject) result.sha256 = sha256_hex(file_.span());
  }

  const Storage& source_;
  uint64_t max_bytes_;
  FeatureExtractor::Worker worker_;
  ObjectInfo object_;
  Buffer file_;
  StepTimes times_;
};

std::vector<uint64_t> open_among(const Storage& dataset, const Plan& plan, const std::string& settings_sha256,
                                 const std::vector<uint64_t>& shards, std::vector<ShardRecord>& records) {
  std::vector<uint64_t> open;
  for (const uint64_t shard : shards) {
    auto record = read_record(dataset, shard);
    if (record && is_current(dataset, plan, settings_sha256, shard, *record)) {
      records[shard] = std::move(*record);
    } else {
      open.push_back(shard);
    }
  }
  return open;
}

// The stage's state around the pool: which shards are to be done, and what came of them.
class Extraction {
 public:
  Extraction(const Storage& source, Storage& dataset, const Plan& plan, std::string settings_sha256,
             const std::vector<uint64_t>& only)
      : source_(source),
        dataset_(dataset),
        plan_(plan),
        known_(dataset, plan, settings_sha256),
        settings_sha256_(std::move(settings_sha256)) {
    result_.records.resize(plan.shards.size());
    todo_ = only.empty() ? open_shards(dataset, plan, settings_sha256_, true, result_.records)
                         : open_among(dataset, plan, settings_sha256_, only, result_.records);
    for (const uint64_t shard : todo_) largest_shard_ = std::max(largest_shard_, plan.shards[shard].photos);
  }

  bool complete() const { return todo_.empty(); }

  void report_start(Progress& progress, Console& console) const {
    uint64_t photos = 0;
    uint64_t rejects = 0;
    for (const ShardRecord& record : result_.records) {
      photos += record.photos;
      rejects += record.rejects;
    }
    progress.start_at(photos, rejects);
    tell_kept_shards(plan_.shards.size(), todo_, console);
  }

  // Until all is committed or `stop` is asked for. Throws the first error.
  void run(FeatureExtractor& extractor, size_t threads, uint64_t max_bytes, Progress& progress,
           const std::stop_token& stop) {
    ShardPool pool;
    PhotoFeed feed(source_, pool, max_bytes);
    const std::stop_callback stop_pool(stop, [&pool] { pool.stop(); });
    std::vector<std::jthread> workers;
    try {
      for (size_t worker = 0; worker < threads; ++worker) {
        workers.emplace_back([&, max_bytes] { work(pool, feed, extractor, max_bytes, progress); });
      }
    } catch (...) {
      pool.stop();  // or those that were started would wait for ever
      throw;
    }
    pool.serve([&] { return load(extractor.dimension(), progress); }, [&](ShardWork& work) { commit(work); });
  }

  size_t done() const { return plan_.shards.size() - todo_.size() + committed_; }
  ExtractResult take() { return std::move(result_); }

 private:
  std::shared_ptr<ShardWork> load(size_t dimension, Progress& progress) {
    if (next_ == todo_.size()) return nullptr;
    const uint64_t shard = todo_[next_++];
    auto work = std::make_shared<ShardWork>(shard, read_shard_plan(dataset_, plan_, shard), dimension,
                                            matrix(dimension));
    known_.fill(*work);
    if (const size_t known = work->photos().size() - work->pending().size(); known > 0) {
      progress.skip(known, work->known_rejects());
    }
    return work;
  }

  // Memory for the features of any shard: new, or of one that is written.
  BasicBuffer<float> matrix(size_t dimension) {
    BasicBuffer<float> matrix;
    if (spare_.empty()) {
      matrix.reset(largest_shard_ * dimension);
    } else {
      matrix = std::move(spare_.back());
      spare_.pop_back();
    }
    return matrix;
  }

  void commit(ShardWork& work) {
    ShardRecord record;
    record.shards = plan_.shards.size();
    record.listing_sha256 = plan_.shards[work.shard()].listing_sha256;
    record.settings_sha256 = settings_sha256_;
    const auto start = Clock::now();
    result_.extracted += work.pending().size();
    result_.records[work.shard()] = work.commit(dataset_, std::move(record), part_);
    spare_.push_back(work.take_matrix());
    ++committed_;
    const std::lock_guard lock(mutex_);
    result_.times.write += Clock::now() - start;
  }

  void work(ShardPool& pool, PhotoFeed& feed, FeatureExtractor& extractor, uint64_t max_bytes,
            Progress& progress) {
    try {
      PhotoLoop loop(source_, max_bytes, extractor.worker());
      while (const auto photo = feed.next()) {
        loop.process(*photo);
        const PhotoTask& task = photo->task;
        progress.advance(1, task.shard->result(task.photo).reject ? 1 : 0);
        pool.finish(task);
      }
      const std::lock_guard lock(mutex_);
      result_.times += loop.times();
    } catch (...) {
      pool.stop(std::current_exception());
    }
  }

  const Storage& source_;
  Storage& dataset_;
  const Plan& plan_;
  KnownRows known_;
  std::string settings_sha256_;
  std::vector<uint64_t> todo_;
  size_t next_ = 0;
  size_t committed_ = 0;
  // Used again and again: fresh pages cost more than filling them.
  std::vector<BasicBuffer<float>> spare_;
  std::string part_;
  size_t largest_shard_ = 0;  // photos
  ExtractResult result_;
  std::mutex mutex_;
};

}  // namespace

void tell_kept_shards(size_t shards, std::span<const uint64_t> open, Console& console) {
  if (open.size() >= shards) return;
  std::vector<uint64_t> kept;
  kept.reserve(shards - open.size());
  for (uint64_t shard = 0; shard < shards; ++shard) {
    if (!std::ranges::binary_search(open, shard)) kept.push_back(shard);
  }
  console.info("extract  " + std::to_string(kept.size()) + " of " + std::to_string(shards) +
               " shards are already there (" + number_ranges(kept, 20) + "); they are not done again");
}

std::vector<uint64_t> open_shards(Storage& dataset, const Plan& plan, const std::string& settings_sha256,
                                  bool clear, std::vector<ShardRecord>& records) {
  std::vector<uint64_t> all(plan.shards.size());
  std::iota(all.begin(), all.end(), uint64_t{0});
  std::vector<uint64_t> open = open_among(dataset, plan, settings_sha256, all, records);
  if (!clear || open.empty()) return open;
  dataset.remove(dataset::kRun);
  for (const uint64_t shard : open) dataset.remove(dataset::record(shard));
  return open;
}

ExtractResult extract(const Storage& source, Storage& dataset, const Plan& plan,
                      const std::string& settings_sha256, uint64_t max_bytes, FeatureExtractor& extractor,
                      size_t threads, Console& console, const std::stop_token& stop,
                      const std::vector<uint64_t>& only) {
  Extraction extraction(source, dataset, plan, settings_sha256, only);
  if (extraction.complete()) return extraction.take();
  Progress progress(console, "extract", plan.photos);
  extraction.report_start(progress, console);
  extraction.run(extractor, threads, max_bytes, progress, stop);
  console.clear_status();
  if (extraction.done() < plan.shards.size()) {
    throw stopped("extract", dataset,
                  "after " + std::to_string(extraction.done()) + " of " + std::to_string(plan.shards.size()) +
                      " shards");
  }
  progress.finish();
  return extraction.take();
}

}  // namespace pomona
