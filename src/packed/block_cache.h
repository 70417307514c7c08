// Large pieces of objects in memory, so that small neighbours cost one request together.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/buffer.h"
#include "base/reject.h"
#include "storage/storage.h"

namespace pomona {

// Thread-safe: whoever needs a block that another thread has asked for waits for it. Where blocks turn out to
// be read for little (photos in another order than they are asked for, or large ones), ranges are read as
// they are. It must outlive the reads that it begins.
class BlockCache {
 public:
  static constexpr uint64_t kBlock = 4'000'000;  // bytes
  static constexpr size_t kBlocks = 16;

  explicit BlockCache(const Storage& store, uint64_t block_bytes = kBlock, size_t blocks = kBlocks)
      : store_(store), block_bytes_(block_bytes), most_(blocks) {}

  // As Storage::start_read_range and Storage::read_range, of an object of `object_bytes` bytes.
  std::unique_ptr<PendingRead> start(const std::string& key, uint64_t object_bytes, uint64_t offset,
                                     uint64_t bytes, const std::function<void()>& on_ready);
  MaybeReject read(const std::string& key, uint64_t object_bytes, uint64_t offset, uint64_t bytes,
                   Buffer& out) {
    return start(key, object_bytes, offset, bytes, {})->finish(out);
  }

 private:
  class Block;
  class Read;

  std::shared_ptr<Block> block(const std::string& key, uint64_t object_bytes, uint64_t number);
  bool worthwhile(uint64_t bytes);
  void forget(const std::shared_ptr<Block>& block);

  const Storage& store_;
  uint64_t block_bytes_;
  size_t most_;
  std::mutex mutex_;
  using BlockId = std::pair<std::string, uint64_t>;               // object, number
  std::list<std::pair<BlockId, std::shared_ptr<Block>>> blocks_;  // latest first
  uint64_t fetched_ = 0;                                          // bytes of blocks
  uint64_t served_ = 0;                                           // bytes that somebody asked for
};

}  // namespace pomona
