// Photos on their way to the workers, read ahead where the storage asks for it.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "job/shard_pool.h"
#include "storage/storage.h"

namespace pomona {

struct FedPhoto {
  PhotoTask task;
  std::unique_ptr<PendingRead> read;  // null: not read ahead, the worker reads it itself
};

// Between a pool and its workers. A local disk's photos pass straight through. Those of a remote storage are
// asked for ahead of the workers, as many and as many bytes as Storage::read_ahead() says, and handed out as
// they come: a late one holds no other up. Results stand in the slots of their photos whatever the order.
class PhotoFeed {
 public:
  PhotoFeed(const Storage& source, ShardPool& pool, uint64_t max_bytes)
      : source_(source), pool_(pool), max_bytes_(max_bytes), limits_(source.read_ahead()) {}

  // For workers: the next photo; nothing when all are handed out or the pool was stopped. Blocks.
  std::optional<FedPhoto> next();

 private:
  void top_up();
  std::optional<FedPhoto> take_ready();

  const Storage& source_;
  ShardPool& pool_;
  uint64_t max_bytes_;
  Storage::ReadAhead limits_;
  std::mutex mutex_;
  std::list<FedPhoto> ahead_;
  uint64_t bytes_ = 0;  // of those
};

}  // namespace pomona
