#include "storage/read_in_order.h"

namespace pomona {

MaybeReject ReadInOrder::read(size_t index, Buffer& out) {
  if (limits_.reads == 0) return source_.read_listed(at_(index), max_bytes_, out);
  std::unique_ptr<PendingRead> read;
  {
    const std::lock_guard lock(mutex_);
    start_up_to(index);
    auto node = ahead_.extract(index);
    bytes_ -= node.mapped().bytes;
    read = std::move(node.mapped().read);
  }
  return read->finish(out);
}

void ReadInOrder::start_up_to(size_t index) {
  while (next_ < count_ && (next_ <= index || (ahead_.size() < limits_.reads && bytes_ < limits_.bytes))) {
    const ObjectInfo object = at_(next_);
    ahead_.emplace(next_++, Ahead{source_.start_read(object, max_bytes_, {}), object.size});
    bytes_ += object.size;
  }
}

}  // namespace pomona
