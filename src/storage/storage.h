// Where bytes live: a local folder or an S3 prefix. Keys are relative to the root, with forward
// slashes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/reject.h"
#include "storage/s3_options.h"

namespace pomona {

struct ObjectInfo {
  std::string key;      // relative to the storage's root; bytes, not necessarily UTF-8
  uint64_t size = 0;    // bytes
  std::string version;  // changes when the contents do: modification time in ns (local), ETag (S3)
};

// A read that was begun ahead of its need.
class PendingRead {
 public:
  virtual ~PendingRead() = default;
  // Whether finish() would not wait.
  virtual bool is_ready() const = 0;
  // Waits for its end; see Storage::read_listed. To be called once.
  virtual MaybeReject finish(Buffer& out) = 0;
};

// A read that is over before it begins.
class DecidedRead final : public PendingRead {
 public:
  explicit DecidedRead(Reject reject) : reject_(std::move(reject)) {}
  explicit DecidedRead(Buffer bytes) : bytes_(std::move(bytes)) {}
  bool is_ready() const override { return true; }
  MaybeReject finish(Buffer& out) override {
    std::swap(out, bytes_);
    return std::move(reject_);
  }

 private:
  MaybeReject reject_;
  Buffer bytes_;
};

class Storage {
 public:
  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  virtual ~Storage() = default;

  // The root as the user wrote it.
  virtual const std::string& uri() const = 0;

  // Calls `visit` for every object below the root, in no particular order, one call at a time. Hidden names
  // (first character '.') are left out, and so is all that lies in `except`, should it be below the root by
  // whatever way. Throws Error where a folder or bucket cannot be listed.
  using Visitor = std::function<void(ObjectInfo&&)>;
  virtual void list(const Visitor& visit, const Storage* except = nullptr) const = 0;

  // Reads a listed object whole. A reject, of stage `read`, where it is too large, gone, changed since it was
  // listed, or cannot be read. Throws Error only where the whole store is at fault. Thread-safe.
  virtual MaybeReject read_listed(const ObjectInfo& object, uint64_t max_bytes, Buffer& out) const = 0;

  // How far reading ahead of the need pays: reads and bytes in flight. None on a local disk, where
  // read_listed costs less than a hand-over.
  struct ReadAhead {
    size_t reads = 0;
    uint64_t bytes = 0;
  };
  virtual ReadAhead read_ahead() const { return {}; }
  // Begins to read a listed object; only where read_ahead() asks for it. `on_ready`, if there is one, is
  // called when it has come, perhaps by another thread, perhaps at once; it must not block. Thread-safe.
  virtual std::unique_ptr<PendingRead> start_read(const ObjectInfo& object, uint64_t max_bytes,
                                                  const std::function<void()>& on_ready) const;

  // Reads `bytes` bytes of an object from `offset` on: all of them, or a reject of stage `read`. Throws Error
  // only where the whole store is at fault. Thread-safe. Here: by way of the whole object.
  virtual MaybeReject read_range(const std::string& key, uint64_t offset, uint64_t bytes, Buffer& out) const;
  // Begins the same; see start_read. Here: reads it at once.
  virtual std::unique_ptr<PendingRead> start_read_range(const std::string& key, uint64_t offset,
                                                        uint64_t bytes,
                                                        const std::function<void()>& on_ready) const;

  // Reads an object of our own whole. Throws Error.
  virtual std::string read(const std::string& key) const = 0;
  // Nothing where there is no such object.
  virtual std::optional<ObjectInfo> stat(const std::string& key) const = 0;
  // Writes the object whole or not at all, over an older one if there is one. Throws Error.
  virtual void write(const std::string& key, std::span<const std::byte> bytes) = 0;
  void write(const std::string& key, std::string_view text) { write(key, std::as_bytes(std::span(text))); }
  // Gives an object another name, over an older one if there is one: at any moment it has one of them, or
  // both. Throws Error.
  virtual void move(const std::string& from, const std::string& to);
  // Removes an object; no error where there is none.
  virtual void remove(const std::string& key) = 0;
  // Removes the objects below a key prefix that ends at a slash (all objects for an empty one) whose keys
  // `which` says yes to, and the folders that are empty then.
  using KeyFilter = std::function<bool(std::string_view key)>;
  virtual void remove_below(const std::string& prefix, const KeyFilter& which) = 0;

  // Keeps other jobs out until the result is destroyed; removes what a killed writer left behind. Throws
  // Error where another job holds it.
  virtual std::shared_ptr<void> lock() = 0;
  // The folder on this machine that holds the objects, where there is one.
  virtual std::optional<std::string> local_folder() const { return std::nullopt; }
};

// The reject of a photo of so many bytes, where it is empty or has more than `max_bytes`: the same words
// wherever it lies.
MaybeReject refuse_size(uint64_t size, uint64_t max_bytes);

// The folder for temporary files: TMPDIR, or /tmp. Throws Error where there is none.
std::string temporary_folder();
// A folder on this machine for what a job sets aside: the storage's own, or the one for temporary files.
std::string scratch_folder(const Storage& storage);

// Opens the storage that a URI names: s3://bucket/prefix, or a local folder. Nothing is created until a
// write, and no store is asked before it is used.
std::unique_ptr<Storage> open_storage(const std::string& uri, const S3Options& s3 = {});

}  // namespace pomona
