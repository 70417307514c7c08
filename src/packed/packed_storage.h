// The photos of a packed dataset as if they were loose: docs/formats/packed.md.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "packed/block_cache.h"
#include "packed/pack_manifest.h"
#include "storage/file.h"
#include "storage/storage.h"
#include "table/packed.h"

namespace pomona {

// Keys, sizes and versions are those that the loose photos had when they were packed, so a run cannot tell
// the difference. What could not be packed is listed too: reading it gives the reject that packing met.
// Memory: the index of some buckets, at most some 200,000 photos, whatever their number. Everything read is
// held to the index, and the index to pack.json. Read-only.
class PackedStorage final : public Storage {
 public:
  // `manifest` must be complete.
  PackedStorage(std::unique_ptr<Storage> store, PackManifest manifest);
  ~PackedStorage() override;

  const std::string& uri() const override { return store_->uri(); }
  void list(const Visitor& visit, const Storage* except = nullptr) const override;
  MaybeReject read_listed(const ObjectInfo& object, uint64_t max_bytes, Buffer& out) const override;
  // A local tar is read when it is needed; one on S3 ahead, as its storage says.
  ReadAhead read_ahead() const override;
  std::unique_ptr<PendingRead> start_read(const ObjectInfo& object, uint64_t max_bytes,
                                          const std::function<void()>& on_ready) const override;
  MaybeReject read_range(const std::string& key, uint64_t offset, uint64_t bytes, Buffer& out) const override;
  std::string read(const std::string& key) const override;
  std::optional<ObjectInfo> stat(const std::string& key) const override;
  // These throw Error(usage): a packed dataset is written by `pomona pack` alone.
  void write(const std::string& key, std::span<const std::byte> bytes) override;
  using Storage::write;
  void remove(const std::string& key) override;
  void remove_below(const std::string& prefix, const KeyFilter& which) override;
  std::shared_ptr<void> lock() override;
  std::optional<std::string> local_folder() const override { return store_->local_folder(); }

 private:
  struct Bucket;
  using TarId = std::pair<uint64_t, uint32_t>;  // bucket, piece

  std::shared_ptr<const Bucket> bucket(uint64_t number) const;
  std::shared_ptr<const Bucket> load(uint64_t number) const;
  const PackedRow* find(const Bucket& bucket, std::string_view key) const;
  uint64_t bucket_of(std::string_view key) const;
  // The row of a listed photo, or why it cannot be read.
  MaybeReject find_listed(const ObjectInfo& object, uint64_t max_bytes,
                          std::shared_ptr<const PackedRow>& row) const;
  MaybeReject read_tar(TarId tar, uint64_t offset, uint64_t bytes, Buffer& out) const;
  std::shared_ptr<File> open_tar(TarId tar) const;

  std::unique_ptr<Storage> store_;
  PackManifest manifest_;
  std::optional<std::string> folder_;
  std::unique_ptr<BlockCache> blocks_;  // where the tars are not files
  mutable std::mutex mutex_;
  mutable std::list<std::pair<uint64_t, std::shared_ptr<const Bucket>>> buckets_;  // latest first
  mutable size_t rows_in_memory_ = 0;                                              // of all of them
  mutable std::list<std::pair<TarId, std::shared_ptr<File>>> tars_;                // latest first
};

}  // namespace pomona
