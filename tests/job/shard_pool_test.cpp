#include "job/shard_pool.h"

#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace pomona {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<ShardWork> shard_of(uint64_t number, size_t photos) {
  std::vector<PlanRow> rows(photos);
  for (size_t photo = 0; photo < photos; ++photo) rows[photo].key = std::to_string(photo);
  return std::make_shared<ShardWork>(number, std::move(rows), 1);
}

// Runs `body` and fails hard where it hangs: a deadlock must not hold the tests up.
template <typename Body>
void within(std::chrono::seconds limit, Body body) {
  std::packaged_task<void()> task(std::move(body));
  auto done = task.get_future();
  std::jthread thread(std::move(task));
  if (done.wait_for(limit) != std::future_status::ready) {
    std::fprintf(stderr, "deadlock\n");
    std::abort();
  }
  done.get();
}

struct Outcome {
  std::multiset<uint64_t> committed;
  std::atomic<size_t> photos = 0;
};

// `count` shards, of which number s has sizes[s mod sizes] photos.
struct Loader {
  uint64_t count;
  std::vector<size_t> sizes;
  uint64_t next = 0;

  std::shared_ptr<ShardWork> operator()() {
    if (next == count) return nullptr;
    const uint64_t shard = next++;
    return shard_of(shard, sizes[shard % sizes.size()]);
  }
};

void drain(ShardPool& pool, Outcome& outcome) {
  while (const auto task = pool.next()) {
    ++outcome.photos;
    pool.finish(*task);
  }
}

TEST(ShardPool, HandsOutEachPhotoAndCommitsEachShardOnce) {
  within(60s, [] {
    for (const size_t workers : {1, 2, 7}) {
      ShardPool pool;
      Outcome outcome;
      {
        std::vector<std::jthread> threads;
        for (size_t worker = 0; worker < workers; ++worker)
          threads.emplace_back([&] { drain(pool, outcome); });
        pool.serve(Loader{200, {3, 0, 1, 8}},
                   [&](ShardWork& work) { outcome.committed.insert(work.shard()); });
      }
      EXPECT_EQ(outcome.photos, 50U * (3 + 0 + 1 + 8));
      EXPECT_EQ(outcome.committed.size(), 200U);
      EXPECT_EQ(std::set<uint64_t>(outcome.committed.begin(), outcome.committed.end()).size(), 200U);
    }
  });
}

TEST(ShardPool, HoldsFewShardsInMemory) {
  within(60s, [] {
    ShardPool pool;
    Outcome outcome;
    std::vector<std::weak_ptr<ShardWork>> loaded;
    size_t most = 0;
    Loader loader{50, {4}};
    std::jthread worker([&] { drain(pool, outcome); });
    pool.serve(
        [&] {
          auto shard = loader();
          if (shard) loaded.push_back(shard);
          size_t alive = 0;
          for (const auto& one : loaded) alive += one.expired() ? 0 : 1;
          most = std::max(most, alive);
          return shard;
        },
        [](ShardWork&) {});
    EXPECT_LE(most, 4U);  // and one whose last task a worker has not let go of yet
  });
}

// Workers wait for a photo when the end, a stop or an error comes, all at about the same moment: each must
// hear of it.
TEST(ShardPool, EndsWithManyWaitingWorkers) {
  within(100s, [] {
    for (int round = 0; round < 400; ++round) {
      ShardPool pool;
      Outcome outcome;
      std::vector<std::jthread> threads;
      for (size_t worker = 0; worker < 12; ++worker) threads.emplace_back([&] { drain(pool, outcome); });
      std::jthread stopper([&] {
        if (round % 2 == 1) pool.stop();
      });
      pool.serve(Loader{3, {5}}, [](ShardWork&) {});
    }
  });
}

TEST(ShardPool, AFailureToLoadEndsIt) {
  within(60s, [] {
    ShardPool pool;
    Outcome outcome;
    std::vector<std::jthread> threads;
    for (size_t worker = 0; worker < 4; ++worker) threads.emplace_back([&] { drain(pool, outcome); });
    Loader loader{2, {5}};
    const auto load = [&]() -> std::shared_ptr<ShardWork> {
      if (auto shard = loader()) return shard;
      throw std::runtime_error("the plan is gone");
    };
    EXPECT_THROW(pool.serve(load, [](ShardWork&) {}), std::runtime_error);
  });
}

TEST(ShardPool, AFailureToCommitEndsIt) {
  within(60s, [] {
    ShardPool pool;
    Outcome outcome;
    std::vector<std::jthread> threads;
    for (size_t worker = 0; worker < 4; ++worker) threads.emplace_back([&] { drain(pool, outcome); });
    EXPECT_THROW(
        pool.serve(Loader{100, {5}}, [](ShardWork&) { throw std::runtime_error("the disk is full"); }),
        std::runtime_error);
    EXPECT_LT(outcome.photos, 500U);
  });
}

TEST(ShardPool, TheFirstErrorOfAWorkerIsThrown) {
  within(60s, [] {
    ShardPool pool;
    Outcome outcome;
    std::vector<std::jthread> threads;
    for (size_t worker = 0; worker < 4; ++worker) {
      threads.emplace_back([&] {
        try {
          while (const auto task = pool.next()) {
            if (++outcome.photos > 20) throw std::logic_error("a worker failed");
            pool.finish(*task);
          }
        } catch (...) {
          pool.stop(std::current_exception());
        }
      });
    }
    EXPECT_THROW(pool.serve(Loader{100, {5}}, [](ShardWork&) {}), std::logic_error);
  });
}

TEST(ShardPool, AStopLeavesWhatIsCompleteCommitted) {
  within(60s, [] {
    ShardPool pool;
    Outcome outcome;
    std::set<uint64_t> committed;
    std::jthread worker([&] { drain(pool, outcome); });
    pool.serve(Loader{1000, {5}}, [&](ShardWork& work) {
      committed.insert(work.shard());
      if (committed.size() == 10) pool.stop();
    });
    EXPECT_GE(committed.size(), 10U);
    EXPECT_LT(committed.size(), 20U);
    EXPECT_EQ(pool.next().has_value(), false);
  });
}

TEST(ShardPool, AStopBeforeItBeginsDoesNothing) {
  within(60s, [] {
    ShardPool pool;
    pool.stop();
    pool.serve(Loader{3, {5}}, [](ShardWork&) { FAIL(); });
    EXPECT_EQ(pool.next().has_value(), false);
  });
}

}  // namespace
}  // namespace pomona
