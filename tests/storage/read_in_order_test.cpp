#include "storage/read_in_order.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "base/threads.h"
#include "samples/memory_storage.h"

namespace pomona {
namespace {

// Reads that are "in flight" from start_read() to finish(); a photo's bytes are its size.
class RemoteStorage final : public MemoryStorage {
 public:
  class Read : public PendingRead {
   public:
    Read(const RemoteStorage& storage, uint64_t size) : storage_(storage), size_(size) {}
    bool is_ready() const override { return true; }
    MaybeReject finish(Buffer& out) override {
      const std::lock_guard lock(storage_.mutex);
      out.reset(size_);
      --storage_.open;
      return std::nullopt;
    }

   private:
    const RemoteStorage& storage_;
    uint64_t size_;
  };

  ReadAhead read_ahead() const override { return {8, 1000}; }
  std::unique_ptr<PendingRead> start_read(const ObjectInfo& object, uint64_t,
                                          const std::function<void()>&) const override {
    const std::lock_guard lock(mutex);
    started.push_back(object.key);
    most = std::max(most, ++open);
    return std::make_unique<Read>(*this, object.size);
  }

  mutable std::mutex mutex;
  mutable size_t open = 0;
  mutable size_t most = 0;
  mutable std::vector<std::string> started;
};

void read_all(const RemoteStorage& storage, size_t count, uint64_t size, size_t threads) {
  const auto at = [size](size_t i) { return ObjectInfo{std::to_string(i), size + i, "1"}; };
  ReadInOrder reads(storage, count, at, 1'000'000);
  std::vector<Buffer> buffers(threads);
  parallel_for(threads, count, [&](size_t i, size_t worker) {
    ASSERT_FALSE(reads.read(i, buffers[worker]));
    EXPECT_EQ(buffers[worker].size(), size + i);
  });
  EXPECT_EQ(storage.open, 0);
  ASSERT_EQ(storage.started.size(), count);
  for (size_t i = 0; i < count; ++i) EXPECT_EQ(storage.started[i], std::to_string(i));
}

TEST(ReadInOrder, ReadsEachOnceAheadOfItsNeed) {
  const RemoteStorage storage;
  read_all(storage, 200, 1, 1);
  EXPECT_EQ(storage.most, 8);
}

TEST(ReadInOrder, ManyThreadsReadTheirOwn) {
  const RemoteStorage storage;
  read_all(storage, 500, 1, 4);
  EXPECT_LE(storage.most, 8 + 4);
}

TEST(ReadInOrder, BytesBoundTheWindow) {
  const RemoteStorage storage;
  read_all(storage, 20, 400, 1);
  EXPECT_LE(storage.most, 3);  // 1,000 bytes are passed by the third
}

TEST(ReadInOrder, NothingToReadIsNothingToDo) {
  const RemoteStorage storage;
  read_all(storage, 0, 1, 2);
}

}  // namespace
}  // namespace pomona
