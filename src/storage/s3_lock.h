// What stands for a lock in a store that has none: an object that its holder keeps renewing. Why so:
// docs/decisions/s3-lock.md.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "storage/s3_client.h"

namespace pomona {

inline constexpr const char* kS3Lock = ".pomona-lock";

class S3Lock {
 public:
  // Takes the lock: at once where nobody has it, or a process of this machine that is no more; after a wait,
  // half a minute at most, where its holder is silent. Throws Error(mismatch) where the holder is alive.
  S3Lock(S3Client& client, std::string key, std::string place);
  // Gives it back, if it is still ours and the store answers.
  ~S3Lock();
  S3Lock(const S3Lock&) = delete;
  S3Lock& operator=(const S3Lock&) = delete;

  // Whether another job has taken it over.
  bool is_lost() const { return lost_; }

 private:
  struct Holder;

  // Tries to put our name there; `condition` says when. False where the condition is not met.
  bool put(const std::string& condition);
  // Who holds it; nothing where nobody does.
  std::optional<Holder> look();
  void take();
  // Whether the holder has not been heard of for so long that it counts as gone. Waits to find out.
  bool is_silent(const Holder& holder);
  void renew(const std::stop_token& stop);
  std::string text() const;

  S3Client& client_;
  std::string key_;
  std::string place_;
  std::string self_;   // this process, as /proc knows it
  std::string token_;  // this lock
  uint64_t renewals_ = 0;
  std::string etag_;
  std::atomic<bool> lost_ = false;
  std::mutex mutex_;
  std::condition_variable_any stopping_;
  std::jthread heart_;
};

}  // namespace pomona
