// A prefix of an S3 bucket.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/s3_access.h"
#include "storage/s3_client.h"
#include "storage/s3_lock.h"
#include "storage/storage.h"

namespace pomona {

class S3Storage : public Storage {
 public:
  S3Storage(const std::string& uri, const S3Options& options);
  ~S3Storage() override;

  const std::string& uri() const override { return uri_; }
  // Lists the prefixes below the root side by side. Names that end at a slash are folders, not objects.
  void list(const Visitor& visit, const Storage* except = nullptr) const override;
  MaybeReject read_listed(const ObjectInfo& object, uint64_t max_bytes, Buffer& out) const override;
  MaybeReject read_range(const std::string& key, uint64_t offset, uint64_t bytes, Buffer& out) const override;
  std::unique_ptr<PendingRead> start_read_range(const std::string& key, uint64_t offset, uint64_t bytes,
                                                const std::function<void()>& on_ready) const override;
  ReadAhead read_ahead() const override;
  std::unique_ptr<PendingRead> start_read(const ObjectInfo& object, uint64_t max_bytes,
                                          const std::function<void()>& on_ready) const override;
  std::string read(const std::string& key) const override;
  std::optional<ObjectInfo> stat(const std::string& key) const override;
  // One PUT with its SHA-256, which the store checks: there are no parts that could be left behind.
  void write(const std::string& key, std::span<const std::byte> bytes) override;
  using Storage::write;
  void remove(const std::string& key) override;
  void remove_below(const std::string& prefix, const KeyFilter& which) override;
  // An object that names its holder, renewed while the lock is held: docs/decisions/s3-lock.md.
  std::shared_ptr<void> lock() override;

  const std::string& prefix() const { return prefix_; }
  S3Client& client() const { return *client_; }

 private:
  // Throws Error(mismatch) where another job has taken the lock over.
  void check_lock(const std::string& key) const;
  std::string full(const std::string& key) const { return prefix_ + key; }

  std::string uri_;
  std::string root_;    // the prefix without a slash at its end
  std::string prefix_;  // of keys in the bucket: empty, or with a slash at its end
  std::unique_ptr<S3Access> access_;
  std::unique_ptr<S3Client> client_;
  std::weak_ptr<const S3Lock> lock_;
};

}  // namespace pomona
