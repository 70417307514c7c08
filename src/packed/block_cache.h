// Large pieces of objects in memory, so that small neighbours cost one request together.
#pragma once

#include <cstdint>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/buffer.h"
#include "base/reject.h"
#include "storage/storage.h"

namespace pomona {

// Thread-safe: whoever needs a block that another thread is reading waits for it. Where blocks turn out to be
// read for little (photos in another order than they are asked for, or large ones), ranges are read as they
// are.
class BlockCache {
 public:
  static constexpr uint64_t kBlock = 4'000'000;  // bytes
  static constexpr size_t kBlocks = 16;

  explicit BlockCache(const Storage& store, uint64_t block_bytes = kBlock, size_t blocks = kBlocks)
      : store_(store), block_bytes_(block_bytes), most_(blocks) {}

  // As Storage::read_range, of an object of `object_bytes` bytes.
  MaybeReject read(const std::string& key, uint64_t object_bytes, uint64_t offset, uint64_t bytes,
                   Buffer& out);

 private:
  struct Block {
    MaybeReject reject;
    Buffer bytes;
  };
  using BlockId = std::pair<std::string, uint64_t>;  // object, number
  using Pending = std::shared_future<std::shared_ptr<const Block>>;

  std::shared_ptr<const Block> block(const std::string& key, uint64_t object_bytes, uint64_t number);
  bool worthwhile(uint64_t bytes);
  void forget(const BlockId& id);

  const Storage& store_;
  uint64_t block_bytes_;
  size_t most_;
  std::mutex mutex_;
  std::list<std::pair<BlockId, Pending>> blocks_;  // latest first
  uint64_t fetched_ = 0;                           // bytes of blocks
  uint64_t served_ = 0;                            // bytes that somebody asked for
};

}  // namespace pomona
