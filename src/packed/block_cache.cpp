#include "packed/block_cache.h"

#include <algorithm>

namespace pomona {

bool BlockCache::worthwhile(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  // Blocks that were fetched several times over, beyond what fills the cache once, do more harm than good.
  const bool wasteful = fetched_ > 2 * most_ * block_bytes_ && fetched_ > 3 * served_;
  if (bytes > block_bytes_ / 4 || wasteful) return false;
  served_ += bytes;
  return true;
}

void BlockCache::forget(const BlockId& id) {
  const std::lock_guard lock(mutex_);
  blocks_.remove_if([&](const auto& entry) { return entry.first == id; });
}

std::shared_ptr<const BlockCache::Block> BlockCache::block(const std::string& key, uint64_t object_bytes,
                                                           uint64_t number) {
  const BlockId id{key, number};
  const uint64_t offset = number * block_bytes_;
  const uint64_t bytes = std::min(block_bytes_, object_bytes - offset);
  std::promise<std::shared_ptr<const Block>> promise;
  {
    std::unique_lock lock(mutex_);
    const auto found = std::ranges::find(blocks_, id, [](const auto& entry) { return entry.first; });
    if (found != blocks_.end()) {
      blocks_.splice(blocks_.begin(), blocks_, found);
      const Pending pending = blocks_.front().second;
      lock.unlock();
      return pending.get();
    }
    blocks_.emplace_front(id, promise.get_future().share());
    if (blocks_.size() > most_) blocks_.pop_back();
    fetched_ += bytes;
  }
  try {
    auto read = std::make_shared<Block>();
    read->reject = store_.read_range(key, offset, bytes, read->bytes);
    if (read->reject) forget(id);  // it may pass: the next reader asks again
    promise.set_value(read);
    return read;
  } catch (...) {
    forget(id);
    promise.set_exception(std::current_exception());
    throw;
  }
}

MaybeReject BlockCache::read(const std::string& key, uint64_t object_bytes, uint64_t offset, uint64_t bytes,
                             Buffer& out) {
  if (!worthwhile(bytes)) return store_.read_range(key, offset, bytes, out);
  const std::span<std::byte> target = out.reset(bytes);
  for (uint64_t done = 0; done < bytes;) {
    const uint64_t at = offset + done;
    const auto from = block(key, object_bytes, at / block_bytes_);
    if (from->reject) return from->reject;
    const auto part = from->bytes.span().subspan(at % block_bytes_);
    const uint64_t count = std::min<uint64_t>(part.size(), bytes - done);
    std::ranges::copy(part.first(count), target.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
  }
  return std::nullopt;
}

}  // namespace pomona
