// Reads one listed object, in one request or, where it is large, in ranges side by side.
#pragma once

#include <future>
#include <memory>
#include <string>

#include "base/buffer.h"
#include "storage/s3_access.h"
#include "storage/s3_client.h"
#include "storage/storage.h"

namespace pomona {

class S3Read : public PendingRead {
 public:
  // `key` in the bucket. Starts at once.
  S3Read(S3Client& client, S3Access& access, std::string key, const ObjectInfo& object,
         std::function<void()> on_ready);
  bool is_ready() const override;
  MaybeReject finish(Buffer& out) override;

 private:
  struct State;

  S3Client& client_;
  S3Access& access_;
  std::string key_;
  std::shared_ptr<State> state_;  // requests under way write into it, whatever becomes of this
};

// An object of our own, of whatever size. Throws Error; `root` is what a grant should cover.
std::string read_whole(S3Client& client, const std::string& key, const std::string& root);

// A part of an object of our own. finish() gives all of it, or a reject; it throws Error where the part is
// refused or the store is at fault.
class S3RangeRead : public PendingRead {
 public:
  // Starts at once.
  S3RangeRead(S3Client& client, std::string key, std::string root, uint64_t offset, uint64_t bytes,
              std::function<void()> on_ready);
  bool is_ready() const override;
  MaybeReject finish(Buffer& out) override;

 private:
  struct State;

  S3Client& client_;
  std::string key_;
  std::string root_;
  std::shared_ptr<State> state_;
};

}  // namespace pomona
