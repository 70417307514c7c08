// Thin RAII over POSIX files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include <unistd.h>

namespace pomona {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }
  bool ok() const { return descriptor_ >= 0; }
  // Closes what was open and takes the other's place.
  void replace(File&& other) { std::swap(descriptor_, other.descriptor_); }
  // Gives up ownership.
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

// A file without a name in `folder`, gone when it is closed; not ok(), with errno set, where that fails.
File open_unnamed(const std::string& folder);

// Reads until `out` is full or the file ends: the count of bytes read, or -1 with errno set.
ptrdiff_t read_fully(int descriptor, std::span<std::byte> out);
// Writes all of it: whether that worked, with errno set where not.
bool write_fully(int descriptor, std::span<const std::byte> bytes);
// The same at an offset, from any thread: whether all of it was read or written, with errno set where not.
bool read_at(int descriptor, std::span<std::byte> out, uint64_t offset);
bool write_at(int descriptor, std::span<const std::byte> bytes, uint64_t offset);

}  // namespace pomona
