// Hands photos to workers across the borders of shards, so that no worker waits for a shard's last photo or
// for its writing; the shards in memory are bounded.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "job/shard_work.h"

namespace pomona {

struct PhotoTask {
  std::shared_ptr<ShardWork> shard;
  size_t photo = 0;
};

class ShardPool {
 public:
  using Load = std::function<std::shared_ptr<ShardWork>()>;  // the next shard, or null after the last
  using Commit = std::function<void(ShardWork&)>;

  // For workers: the next photo; nothing when all are handed out or the pool was stopped. Blocks while the
  // next shard is being loaded.
  std::optional<PhotoTask> next();
  // The same without waiting: nothing also when the next shard is still being loaded.
  std::optional<PhotoTask> try_next();
  // Whether no photo will be handed out any more.
  bool is_over();
  bool is_stopped() const { return stopped_; }
  // Counts what anybody may wait for. Whoever has news of another kind for workers counts it up too.
  const std::shared_ptr<std::atomic<uint32_t>>& news() const { return news_; }
  // For workers: the photo is done.
  void finish(const PhotoTask& task);
  // From anywhere: hands out no further photo. The first error is kept for serve().
  void stop(std::exception_ptr error = nullptr);

  // For the thread that reads plans and writes parts: loads shards ahead of the workers and commits finished
  // ones, until all are committed or the pool is stopped (shards that are complete by then are committed).
  // Throws the first error.
  void serve(const Load& load, const Commit& commit);

 private:
  static constexpr size_t kShardsInMemory = 3;  // one worked on, one loaded ahead, one being written

  void admit(std::shared_ptr<ShardWork> shard);
  // Waits for a finished shard; null when the pool was stopped and none is left.
  std::shared_ptr<ShardWork> take_finished();
  // Takes finished shards to `commit` and loads others in their place until there is nothing left to do.
  void serve_until_done(const Load& load, const Commit& commit);

  void announce();

  std::mutex mutex_;
  std::deque<PhotoTask>
      open_;  // shards with photos to hand out; `photo` is the place of the next one in pending()
  std::deque<std::shared_ptr<ShardWork>> finished_;
  bool no_more_ = false;  // no shard will be admitted any more
  std::atomic<bool> stopped_ = false;
  // Whoever finds nothing to do reads it under the lock and waits, without
  // the lock, for another value. (A std::counting_semaphore of GCC 12 can leave a waiter asleep: GCC bug
  // 104928.)
  std::shared_ptr<std::atomic<uint32_t>> news_ = std::make_shared<std::atomic<uint32_t>>(0);
  std::exception_ptr error_;
};

}  // namespace pomona
