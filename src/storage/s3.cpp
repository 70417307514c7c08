#include "storage/s3.h"

#include <atomic>
#include <future>

#include "base/base64.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/threads.h"
#include "storage/s3_list.h"
#include "storage/s3_lock.h"
#include "storage/s3_read.h"

namespace pomona {
namespace {

constexpr uint64_t kMostBytes = 5'000'000'000;  // of one PUT
constexpr size_t kRemovers = 16;

std::string checksum_header(std::span<const std::byte> bytes) {
  const std::string hex = sha256_hex(bytes);
  std::vector<std::byte> digest;
  for (size_t i = 0; i < hex.size(); i += 2) {
    digest.push_back(static_cast<std::byte>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  std::string header = "x-amz-checksum-sha256: ";
  append_base64(header, digest);
  return header;
}

}  // namespace

S3Storage::S3Storage(const std::string& uri, const S3Options& options) {
  const S3Location location = parse_s3_uri(uri);
  root_ = location.prefix;
  prefix_ = root_.empty() ? "" : root_ + "/";
  uri_ = "s3://" + location.bucket + (location.prefix.empty() ? "" : "/" + location.prefix);
  access_ = std::make_unique<S3Access>(prefix_);
  client_ = std::make_unique<S3Client>(location.bucket, options);
}

S3Storage::~S3Storage() = default;

void S3Storage::list(const Visitor& visit, const Storage* except) const {
  std::string excepted;
  const auto* other = dynamic_cast<const S3Storage*>(except);
  if (other != nullptr && other->client_->bucket() == client_->bucket() &&
      other->prefix_.size() > prefix_.size() && other->prefix_.starts_with(prefix_) &&
      other->client_->settings().endpoint == client_->settings().endpoint) {
    excepted = other->prefix_;
  }
  list_prefix(*client_, {.prefix = prefix_, .except = excepted}, [&](ObjectInfo&& object) {
    access_->listed(object.key);
    object.key.erase(0, prefix_.size());
    visit(std::move(object));
  });
}

Storage::ReadAhead S3Storage::read_ahead() const {
  return {client_->settings().concurrency, client_->settings().read_ahead_bytes};
}

std::unique_ptr<PendingRead> S3Storage::start_read(const ObjectInfo& object, uint64_t max_bytes,
                                                   const std::function<void()>& on_ready) const {
  if (auto reject = refuse_size(object.size, max_bytes)) {
    return std::make_unique<DecidedRead>(std::move(*reject));
  }
  return std::make_unique<S3Read>(*client_, *access_, full(object.key), object, on_ready);
}

MaybeReject S3Storage::read_listed(const ObjectInfo& object, uint64_t max_bytes, Buffer& out) const {
  return start_read(object, max_bytes, {})->finish(out);
}

MaybeReject S3Storage::read_range(const std::string& key, uint64_t offset, uint64_t bytes,
                                  Buffer& out) const {
  return start_read_range(key, offset, bytes, {})->finish(out);
}

std::unique_ptr<PendingRead> S3Storage::start_read_range(const std::string& key, uint64_t offset,
                                                         uint64_t bytes,
                                                         const std::function<void()>& on_ready) const {
  if (bytes == 0) return std::make_unique<DecidedRead>(Buffer());
  return std::make_unique<S3RangeRead>(*client_, full(key), root_, offset, bytes, on_ready);
}

std::string S3Storage::read(const std::string& key) const { return read_whole(*client_, full(key), root_); }

std::optional<ObjectInfo> S3Storage::stat(const std::string& key) const {
  const std::string name = full(key);
  const S3Answer answer = client_->call({.method = "HEAD", .key = name});
  if (answer.good()) return ObjectInfo{key, answer.http.content_length, answer.http.etag};
  if (answer.missing()) return std::nullopt;
  if (!answer.denied() && answer.http.status != 400) throw s3_error(*client_, kRead, name, root_, answer);
  // A HEAD says nothing of its reasons, and 403 of an object that does not exist where listing is forbidden:
  // a listing of this one key says more.
  const S3Answer listed = client_->call({.query = list_query(name, false, "", 1), .end = kListEnd});
  const auto page = listed.good() ? parse_list_page(listed.http.body) : std::nullopt;
  if (!page) throw s3_error(*client_, kList, name, root_, listed);
  if (page->objects.empty() || page->objects.front().key != name) return std::nullopt;
  throw s3_error(*client_, kRead, name, root_, answer);
}

void S3Storage::write(const std::string& key, std::span<const std::byte> bytes) {
  if (bytes.size() > kMostBytes) {
    throw Error(ErrorCode::storage, "write", uri_ + "/" + key,
                "it is larger than the 5 GB that S3 takes at once", "use a smaller --shard-size");
  }
  check_lock(key);
  const S3Answer answer =
      client_->call({.method = "PUT", .key = full(key), .headers = {checksum_header(bytes)}, .body = bytes});
  if (!answer.good()) throw s3_error(*client_, kWrite, full(key), root_, answer);
}

void S3Storage::remove(const std::string& key) {
  check_lock(key);
  const S3Answer answer = client_->call({.method = "DELETE", .key = full(key)});
  if (answer.good() || (answer.missing() && !concerns_all(answer))) return;
  throw s3_error(*client_, kRemove, full(key), root_, answer);
}

void S3Storage::remove_below(const std::string& prefix, const KeyFilter& which) {
  std::vector<std::string> keys;
  list_prefix(*client_, {.prefix = full(prefix), .hidden = true}, [&](ObjectInfo&& object) {
    std::string key = object.key.substr(prefix_.size());
    if (which(key)) keys.push_back(std::move(key));
  });
  parallel_for(kRemovers, keys.size(), [&](size_t i, size_t) { remove(keys[i]); });
}

std::shared_ptr<void> S3Storage::lock() {
  auto held = std::make_shared<S3Lock>(*client_, prefix_ + kS3Lock, uri_);
  lock_ = held;
  return held;
}

void S3Storage::check_lock(const std::string& key) const {
  const auto held = lock_.lock();
  if (!held || !held->is_lost()) return;
  throw Error(ErrorCode::mismatch, "write", uri_ + "/" + key,
              "another job has taken this place: this one was not heard of for too long",
              "let the other job end; then give the same command again if it was not the same job");
}

}  // namespace pomona
