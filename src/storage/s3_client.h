// Requests to one bucket: signed, retried, and given up together when the store is down.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "storage/http.h"
#include "storage/s3_credentials.h"
#include "storage/s3_options.h"
#include "storage/s3_xml.h"

namespace pomona {

struct S3Request {
  std::string method = "GET";
  std::string key = {};                   // in the bucket; empty: the bucket itself
  std::string query = {};                 // escaped, its names in order
  std::vector<std::string> headers = {};  // beside those that signing needs
  std::span<const std::byte> body = {};   // stays where it is until the answer has come
  std::span<std::byte> into = {};         // see HttpRequest
  std::optional<uint64_t> length = {};    // of a good answer's body: another length is a fault
  std::string end = {};                   // of a good answer's body: without it, the body was cut
  uint64_t expected = 0;                  // bytes that the answer may have without `into`: they take time
};

struct S3Answer {
  HttpResponse http;
  S3Fault fault;            // what the store said, where it was not good
  bool store_down = false;  // nothing has been answered for S3Options::give_up seconds
  double silent = 0;        // seconds since the last sign of life
  int attempts = 0;

  bool good() const { return http.status >= 200 && http.status < 300; }
  bool missing() const { return http.status == 404; }
  bool denied() const { return http.status == 403; }
};

class S3Client {
 public:
  // Throws Error(usage). Asks nothing yet, and starts no thread.
  S3Client(std::string bucket, const S3Options& options);
  ~S3Client();
  S3Client(const S3Client&) = delete;
  S3Client& operator=(const S3Client&) = delete;

  using Done = std::function<void(S3Answer&&)>;
  // Calls `done` when the request has been answered for good, on another thread: it must not block. Throws
  // Error where there are no credentials. Retries time-outs, resets, cut bodies, 429 and 5xx with growing,
  // random waits.
  void start(S3Request request, Done done);
  // The same, and waits.
  S3Answer call(S3Request request);

  const std::string& bucket() const { return bucket_; }
  const S3Settings& settings() const { return settings_; }
  std::string region() const;
  // Who signs, as well as can be found out: an ARN, or the access key's id; asks STS the first time.
  std::string principal();
  bool is_down() const;

 private:
  struct Call;
  class Health;

  HttpRequest to_http(const Call& call) const;
  std::string url(const S3Request& request) const;
  void attempt(std::shared_ptr<Call> call, HttpLoop::Clock::time_point not_before);
  void answered(std::shared_ptr<Call> call, HttpResponse&& response);
  bool learn_region(const S3Answer& answer, Call& call);
  S3Credentials credentials();

  std::string bucket_;
  S3Settings settings_;
  std::unique_ptr<Health> health_;
  mutable std::mutex mutex_;  // of all below but the loop
  std::string region_;
  std::unique_ptr<S3CredentialsProvider> provider_;
  std::chrono::steady_clock::time_point credentials_until_{};
  S3Credentials credentials_;
  std::string principal_;
  std::once_flag started_;
  std::unique_ptr<HttpLoop> loop_;  // last: its thread uses what stands above
};

}  // namespace pomona
