#include "packed/block_cache.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>
#include <vector>

namespace pomona {

// One block: asked for once, and kept when it has come.
class BlockCache::Block : public std::enable_shared_from_this<BlockCache::Block> {
 public:
  Block(const Storage& store, std::string key, uint64_t offset, uint64_t bytes)
      : store_(store), key_(std::move(key)), offset_(offset), size_(bytes) {}

  // Asks the store for it, unless somebody has. Returns when it has been asked for.
  void begin() {
    std::call_once(begun_, [&] {
      try {
        read_ = store_.start_read_range(key_, offset_, size_, [block = weak_from_this()] {
          if (const auto self = block.lock()) self->arrive();
        });
      } catch (...) {
        error_ = std::current_exception();
        arrive();
      }
    });
  }

  bool is_ready() const { return came_; }

  // Calls `on_ready` when it has come, perhaps at once.
  void tell(std::function<void()> on_ready) {
    {
      const std::lock_guard lock(mutex_);
      if (!came_) {
        waiting_.push_back(std::move(on_ready));
        return;
      }
    }
    on_ready();
  }

  // Behind begin(): waits for its bytes, or a reject. Throws what the store threw.
  const MaybeReject& finish() {
    std::call_once(finished_, [&] {
      if (!read_) return;
      try {
        reject_ = read_->finish(bytes_);
      } catch (...) {
        error_ = std::current_exception();
      }
      read_.reset();
    });
    if (error_) std::rethrow_exception(error_);
    return reject_;
  }

  uint64_t offset() const { return offset_; }
  std::span<const std::byte> bytes() const { return bytes_.span(); }  // behind finish()

 private:
  void arrive() {
    std::vector<std::function<void()>> waiting;
    {
      const std::lock_guard lock(mutex_);
      came_ = true;
      waiting.swap(waiting_);
    }
    for (const auto& on_ready : waiting) on_ready();
  }

  const Storage& store_;
  std::string key_;
  uint64_t offset_;
  uint64_t size_;
  std::once_flag begun_;
  std::once_flag finished_;
  std::unique_ptr<PendingRead> read_;
  Buffer bytes_;
  MaybeReject reject_;
  std::exception_ptr error_;
  std::atomic<bool> came_ = false;
  std::mutex mutex_;
  std::vector<std::function<void()>> waiting_;
};

// A range that lies in one block or in neighbouring ones.
class BlockCache::Read final : public PendingRead {
 public:
  Read(BlockCache& cache, std::vector<std::shared_ptr<Block>> blocks, uint64_t offset, uint64_t bytes)
      : cache_(cache), blocks_(std::move(blocks)), offset_(offset), size_(bytes) {}

  bool is_ready() const override {
    return std::ranges::all_of(blocks_, [](const auto& block) { return block->is_ready(); });
  }

  MaybeReject finish(Buffer& out) override {
    const std::span<std::byte> target = out.reset(size_);
    uint64_t done = 0;
    for (const auto& block : blocks_) {
      try {
        if (const MaybeReject& reject = block->finish()) {
          cache_.forget(block);  // it may pass: the next reader asks again
          return reject;
        }
      } catch (...) {
        cache_.forget(block);
        throw;
      }
      const auto part = block->bytes().subspan(offset_ + done - block->offset());
      const uint64_t count = std::min<uint64_t>(part.size(), size_ - done);
      std::ranges::copy(part.first(count), target.begin() + static_cast<std::ptrdiff_t>(done));
      done += count;
    }
    return std::nullopt;
  }

 private:
  BlockCache& cache_;
  std::vector<std::shared_ptr<Block>> blocks_;
  uint64_t offset_;  // in the object
  uint64_t size_;
};

bool BlockCache::worthwhile(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  // Blocks that were fetched several times over, beyond what fills the cache once, do more harm than good.
  const bool wasteful = fetched_ > 2 * most_ * block_bytes_ && fetched_ > 3 * served_;
  if (bytes > block_bytes_ / 4 || wasteful) return false;
  served_ += bytes;
  return true;
}

void BlockCache::forget(const std::shared_ptr<Block>& block) {
  const std::lock_guard lock(mutex_);
  blocks_.remove_if([&](const auto& entry) { return entry.second == block; });
}

std::shared_ptr<BlockCache::Block> BlockCache::block(const std::string& key, uint64_t object_bytes,
                                                     uint64_t number) {
  const BlockId id{key, number};
  const uint64_t offset = number * block_bytes_;
  const uint64_t bytes = std::min(block_bytes_, object_bytes - offset);
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(blocks_, id, [](const auto& entry) { return entry.first; });
  if (found != blocks_.end()) {
    blocks_.splice(blocks_.begin(), blocks_, found);
  } else {
    blocks_.emplace_front(id, std::make_shared<Block>(store_, key, offset, bytes));
    if (blocks_.size() > most_) blocks_.pop_back();
    fetched_ += bytes;
  }
  return blocks_.front().second;
}

std::unique_ptr<PendingRead> BlockCache::start(const std::string& key, uint64_t object_bytes, uint64_t offset,
                                               uint64_t bytes, const std::function<void()>& on_ready) {
  if (bytes == 0 || !worthwhile(bytes)) return store_.start_read_range(key, offset, bytes, on_ready);
  std::vector<std::shared_ptr<Block>> needed;
  for (uint64_t number = offset / block_bytes_; number * block_bytes_ < offset + bytes; ++number) {
    needed.push_back(block(key, object_bytes, number));
    needed.back()->begin();
  }
  if (on_ready) {
    const auto open = std::make_shared<std::atomic<size_t>>(needed.size());
    for (const auto& block : needed) {
      block->tell([open, on_ready] {
        if (open->fetch_sub(1) == 1) on_ready();
      });
    }
  }
  return std::make_unique<Read>(*this, std::move(needed), offset, bytes);
}

}  // namespace pomona
