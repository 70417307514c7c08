#include "packed/block_cache.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "storage/local.h"
#include "support.h"

namespace pomona {
namespace {

// A local folder that counts its ranged reads, and fails as many of them as it is told to.
class Counting final : public LocalStorage {
 public:
  using LocalStorage::LocalStorage;
  MaybeReject read_range(const std::string& key, uint64_t offset, uint64_t bytes,
                         Buffer& out) const override {
    ++reads;
    if (failures > 0 && failures-- > 0) return Reject{Stage::read, Reason::read_error, "As it was told."};
    return LocalStorage::read_range(key, offset, bytes, out);
  }
  mutable std::atomic<int> reads = 0;
  mutable std::atomic<int> failures = 0;
};

std::string content(size_t size) {
  std::string text(size, ' ');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * i) % 23);
  return text;
}

class Blocks : public ::testing::Test {
 protected:
  testing::Folder folder_;
  std::string text_ = content(10'000);
  std::string file_ = folder_.put("tar", text_);
  Counting store_{folder_.path()};

  std::string read(BlockCache& cache, uint64_t offset, uint64_t bytes) const {
    Buffer out;
    if (cache.read("tar", text_.size(), offset, bytes, out)) return "rejected";
    return {reinterpret_cast<const char*>(out.data()), out.size()};
  }
};

TEST_F(Blocks, GiveTheBytesOfTheObject) {
  BlockCache cache(store_, 1000, 4);
  for (const uint64_t offset : {0U, 1U, 950U, 999U, 1000U, 4321U, 9990U, 9800U}) {
    const uint64_t bytes = std::min<uint64_t>(200, text_.size() - offset);
    EXPECT_EQ(read(cache, offset, bytes), text_.substr(offset, bytes)) << offset;
  }
  EXPECT_EQ(read(cache, 100, 7000), text_.substr(100, 7000));  // larger than a block: read as it is
}

TEST_F(Blocks, NeighboursCostOneRequest) {
  BlockCache cache(store_, 1000, 4);
  for (uint64_t offset = 0; offset < 4000; offset += 50) read(cache, offset, 50);
  EXPECT_EQ(store_.reads, 4);
}

TEST_F(Blocks, AreReadOnceForManyThreads) {
  BlockCache cache(store_, 1000, 16);
  std::vector<std::jthread> threads;
  std::atomic<int> wrong = 0;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (uint64_t offset = 0; offset + 90 <= text_.size(); offset += 90) {
        if (read(cache, offset, 90) != text_.substr(offset, 90)) ++wrong;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(store_.reads, 10);
}

TEST_F(Blocks, AFailureIsNotKept) {
  BlockCache cache(store_, 1000, 4);
  store_.failures = 1;
  EXPECT_EQ(read(cache, 0, 10), "rejected");
  EXPECT_EQ(read(cache, 0, 10), text_.substr(0, 10));
}

// A store whose ranges come when the test says so.
class Slow final : public LocalStorage {
 public:
  using LocalStorage::LocalStorage;
  std::unique_ptr<PendingRead> start_read_range(const std::string& key, uint64_t offset, uint64_t bytes,
                                                const std::function<void()>& on_ready) const override {
    if (broken) throw std::runtime_error("the store is down");
    waiting.push_back(on_ready);
    return LocalStorage::start_read_range(key, offset, bytes, {});
  }
  void arrive() const {
    for (const auto& on_ready : std::exchange(waiting, {})) on_ready();
  }
  mutable std::vector<std::function<void()>> waiting;
  bool broken = false;
};

TEST_F(Blocks, AreAskedForAheadAndTellAllWhoWait) {
  const Slow store(folder_.path());
  BlockCache cache(store, 1000, 4);
  int told = 0;
  const auto one = cache.start("tar", text_.size(), 100, 50, [&] { ++told; });
  const auto both = cache.start("tar", text_.size(), 900, 200, [&] { ++told; });
  EXPECT_EQ(store.waiting.size(), 2U);  // two blocks, though the first is wanted twice
  EXPECT_FALSE(one->is_ready());
  EXPECT_EQ(told, 0);
  store.arrive();
  EXPECT_TRUE(one->is_ready());
  EXPECT_TRUE(both->is_ready());
  EXPECT_EQ(told, 2);
  Buffer out;
  ASSERT_FALSE(both->finish(out));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(out.data()), out.size()), text_.substr(900, 200));
  ASSERT_FALSE(one->finish(out));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(out.data()), out.size()), text_.substr(100, 50));
  const auto late = cache.start("tar", text_.size(), 200, 50, [&] { ++told; });
  EXPECT_TRUE(late->is_ready());
  EXPECT_EQ(told, 3);
}

TEST_F(Blocks, OfAStoreThatIsDownThrowAndAreNotKept) {
  Slow store(folder_.path());
  BlockCache cache(store, 1000, 4);
  store.broken = true;
  Buffer out;
  EXPECT_THROW(cache.read("tar", text_.size(), 0, 10, out), std::runtime_error);
  store.broken = false;
  EXPECT_FALSE(cache.read("tar", text_.size(), 0, 10, out));
}

TEST_F(Blocks, ReadForLittleAreGivenUp) {
  BlockCache cache(store_, 1000, 2);
  for (uint64_t i = 0; i < 200; ++i) {
    const uint64_t offset = i * 3700 % 9900;
    EXPECT_EQ(read(cache, offset, 10), text_.substr(offset, 10));
  }
  const int before = store_.reads;
  EXPECT_EQ(read(cache, 5000, 10), text_.substr(5000, 10));
  EXPECT_EQ(read(cache, 5000, 10), text_.substr(5000, 10));
  EXPECT_EQ(store_.reads, before + 2);
}

}  // namespace
}  // namespace pomona
