#include "job/photo_feed.h"

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "samples/memory_storage.h"

namespace pomona {
namespace {

constexpr size_t kReads = 8;
constexpr uint64_t kBytes = 1000;

// A remote storage whose reads end in another order than they began, each on a thread of its own; it counts
// what is in flight.
class RemoteStorage final : public MemoryStorage {
 public:
  struct Counts {
    std::atomic<size_t> reads = 0;
    std::atomic<uint64_t> bytes = 0;
    std::atomic<size_t> most_reads = 0;
    std::atomic<uint64_t> most_bytes = 0;
  };

  class Read : public PendingRead {
   public:
    Read(Counts& counts, const ObjectInfo& object, std::function<void()> on_ready)
        : counts_(counts), size_(object.size), thread_([this, object, on_ready = std::move(on_ready)] {
            std::this_thread::sleep_for(std::chrono::microseconds(200 * (object.key.back() % 5)));
            ready_ = true;
            on_ready();
          }) {
      counts_.most_reads = std::max<size_t>(counts_.most_reads, ++counts_.reads);
      counts_.most_bytes = std::max<uint64_t>(counts_.most_bytes, counts_.bytes += size_);
    }
    bool is_ready() const override { return ready_; }
    MaybeReject finish(Buffer& out) override {
      out.reset(size_);
      --counts_.reads;
      counts_.bytes -= size_;
      return std::nullopt;
    }

   private:
    Counts& counts_;
    uint64_t size_;
    std::atomic<bool> ready_ = false;
    std::jthread thread_;
  };

  ReadAhead read_ahead() const override { return {kReads, kBytes}; }
  std::unique_ptr<PendingRead> start_read(const ObjectInfo& object, uint64_t,
                                          const std::function<void()>& on_ready) const override {
    return std::make_unique<Read>(counts, object, on_ready);
  }

  mutable Counts counts;
};

std::shared_ptr<ShardWork> shard_of(uint64_t number, size_t photos, uint64_t size) {
  std::vector<PlanRow> rows(photos);
  for (size_t i = 0; i < photos; ++i) {
    rows[i].key = std::to_string(i);
    rows[i].size = size;
  }
  return std::make_shared<ShardWork>(number, std::move(rows), 1);
}

// Feeds `shards` of `photos` to three workers; every photo must come once.
void feed_all(RemoteStorage& storage, size_t shards, size_t photos, uint64_t size) {
  ShardPool pool;
  PhotoFeed feed(storage, pool, 1'000'000);
  std::mutex mutex;
  std::multiset<std::pair<uint64_t, size_t>> seen;
  std::vector<std::jthread> workers;
  for (int i = 0; i < 3; ++i) {
    workers.emplace_back([&] {
      Buffer bytes;
      while (auto photo = feed.next()) {
        EXPECT_FALSE(photo->read->finish(bytes));
        {
          const std::lock_guard lock(mutex);
          seen.emplace(photo->task.shard->shard(), photo->task.photo);
        }
        pool.finish(photo->task);
      }
    });
  }
  uint64_t next = 0;
  size_t committed = 0;
  pool.serve([&] { return next < shards ? shard_of(next++, photos, size) : nullptr; },
             [&](ShardWork&) { ++committed; });
  workers.clear();
  EXPECT_EQ(committed, shards);
  EXPECT_EQ(seen.size(), shards * photos);
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), seen.size());
}

TEST(PhotoFeed, ReadsAheadWithinItsCount) {
  RemoteStorage storage;
  feed_all(storage, 7, 50, 1);
  EXPECT_GT(storage.counts.most_reads, 3);  // more than the workers alone
  EXPECT_LE(storage.counts.most_reads, kReads + 3);
}

TEST(PhotoFeed, ReadsAheadWithinItsBytes) {
  RemoteStorage storage;
  feed_all(storage, 3, 20, 400);
  EXPECT_LE(storage.counts.most_bytes, kBytes + 400 + 3 * 400);
}

TEST(PhotoFeed, APhotoLargerThanAllTheBytesStillComes) {
  RemoteStorage storage;
  feed_all(storage, 2, 5, 10 * kBytes);
}

TEST(PhotoFeed, AStopEndsTheWaiting) {
  RemoteStorage storage;
  ShardPool pool;
  PhotoFeed feed(storage, pool, 1'000'000);
  std::jthread worker([&] {
    Buffer bytes;
    while (auto photo = feed.next()) photo->read->finish(bytes);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  pool.stop();
  worker.join();  // the test hangs where it does not end
}

}  // namespace
}  // namespace pomona
