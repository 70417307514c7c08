// Bytes that are overwritten, photo after photo, without being given back or cleared.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace pomona {

template <typename T>
class BasicBuffer {
 public:
  // So many values after the last one may be read, not used: vector code may load a whole register at the
  // end.
  static constexpr size_t kReadable = 64 / sizeof(T);

  BasicBuffer() = default;
  ~BasicBuffer() = default;
  BasicBuffer(const BasicBuffer&) = delete;
  BasicBuffer& operator=(const BasicBuffer&) = delete;
  // What was moved from is empty, and may be used again.
  BasicBuffer(BasicBuffer&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  BasicBuffer& operator=(BasicBuffer&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  // Makes room for `count` values and forgets the old ones; their contents are not defined.
  std::span<T> reset(size_t count) {
    if (count > capacity_) {
      data_.reset();
      data_ = std::make_unique_for_overwrite<T[]>(count + kReadable);
      capacity_ = count;
    }
    size_ = count;
    return {data_.get(), size_};
  }

  // Forgets all but the first `count` values, which stay as they are.
  void keep_first(size_t count) { size_ = count < size_ ? count : size_; }

  // Gives the memory back if it is more than `count` values: one huge photo must not be paid for ever after.
  void shrink_above(size_t count) {
    if (capacity_ <= count) return;
    data_.reset();
    capacity_ = size_ = 0;
  }

  std::span<T> span() { return {data_.get(), size_}; }
  std::span<const T> span() const { return {data_.get(), size_}; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  size_t size() const { return size_; }

 private:
  std::unique_ptr<T[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

using Buffer = BasicBuffer<std::byte>;

}  // namespace pomona
