// Reads listed objects that are needed one after the other, ahead of the need where the storage asks for it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "storage/storage.h"

namespace pomona {

class ReadInOrder {
 public:
  // `at` gives the object of a number below `count`: the same whenever it is asked.
  using At = std::function<ObjectInfo(size_t)>;
  ReadInOrder(const Storage& source, size_t count, At at, uint64_t max_bytes)
      : source_(source),
        count_(count),
        at_(std::move(at)),
        max_bytes_(max_bytes),
        limits_(source.read_ahead()) {}

  // Reads object `index`: see Storage::read_listed. To be called once for each, from any thread, in nearly
  // rising order.
  MaybeReject read(size_t index, Buffer& out);

 private:
  struct Ahead {
    std::unique_ptr<PendingRead> read;
    uint64_t bytes;
  };
  void start_up_to(size_t index);

  const Storage& source_;
  size_t count_;
  At at_;
  uint64_t max_bytes_;
  Storage::ReadAhead limits_;
  std::mutex mutex_;
  std::map<size_t, Ahead> ahead_;
  size_t next_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace pomona
