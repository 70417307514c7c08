#include "storage/s3_read.h"

#include <algorithm>
#include <atomic>

namespace pomona {
namespace {

constexpr uint64_t kRange = 8'000'000;  // bytes of one request

std::string range_header(uint64_t first, uint64_t count) {
  return "Range: bytes=" + std::to_string(first) + "-" + std::to_string(first + count - 1);
}

// Requests that end together.
struct Joint {
  std::atomic<size_t> open = 0;
  std::atomic<bool> failed = false;
  S3Answer failure;  // the first
  std::promise<void> ended;
  std::future<void> wait = ended.get_future();
  std::function<void()> on_ready;

  void answered(S3Answer&& answer) {
    if (!answer.good() && !failed.exchange(true)) failure = std::move(answer);
    if (open.fetch_sub(1) != 1) return;
    ended.set_value();
    if (on_ready) on_ready();
  }
};

// Asks for the object from `first` to the end of `bytes`, in ranges; `joint` ends with the last.
void start_ranges(S3Client& client, const std::string& key, const std::string& etag,
                  std::span<std::byte> bytes, uint64_t first, const std::shared_ptr<Joint>& joint) {
  joint->open = static_cast<size_t>((bytes.size() - first + kRange - 1) / kRange);
  const bool whole = first == 0 && bytes.size() <= kRange;
  for (uint64_t at = first; at < bytes.size(); at += kRange) {
    const uint64_t count = std::min(kRange, bytes.size() - at);
    S3Request request{.key = key, .into = bytes.subspan(at, count), .length = count};
    // The store itself refuses another version than the listed one: bytes of two cannot mix.
    request.headers.push_back("If-Match: \"" + etag + "\"");
    if (!whole) request.headers.push_back(range_header(at, count));
    client.start(std::move(request), [joint](S3Answer&& answer) { joint->answered(std::move(answer)); });
  }
}

}  // namespace

struct S3Read::State : Joint {
  Buffer bytes;
};

S3Read::S3Read(S3Client& client, S3Access& access, std::string key, const ObjectInfo& object,
               std::function<void()> on_ready)
    : client_(client), access_(access), key_(std::move(key)), state_(std::make_shared<State>()) {
  state_->on_ready = std::move(on_ready);
  start_ranges(client_, key_, object.version, state_->bytes.reset(object.size), 0, state_);
}

bool S3Read::is_ready() const { return state_->open == 0; }

MaybeReject S3Read::finish(Buffer& out) {
  state_->wait.get();
  if (!state_->failed) {
    access_.read(key_);
    std::swap(out, state_->bytes);
    return std::nullopt;
  }
  const S3Answer& answer = state_->failure;
  if (concerns_all(answer)) throw s3_error(client_, kRead, key_, "", answer);
  if (answer.denied()) access_.refused(client_, key_, answer);
  return s3_reject(answer);
}

std::string read_whole(S3Client& client, const std::string& key, const std::string& root) {
  S3Answer answer = client.call({.key = key, .headers = {range_header(0, kRange)}, .expected = kRange});
  if (answer.http.status == 416) return {};  // it has no bytes
  if (!answer.good()) throw s3_error(client, kRead, key, root, answer);
  std::string text = std::move(answer.http.body);
  if (answer.http.status == 200 || answer.http.object_size <= text.size()) return text;
  const uint64_t first = text.size();
  text.resize(answer.http.object_size);
  const auto joint = std::make_shared<Joint>();
  start_ranges(client, key, answer.http.etag, std::as_writable_bytes(std::span(text)), first, joint);
  joint->wait.get();
  if (joint->failed) throw s3_error(client, kRead, key, root, joint->failure);
  return text;
}

struct S3RangeRead::State : Joint {
  Buffer bytes;
};

S3RangeRead::S3RangeRead(S3Client& client, std::string key, std::string root, uint64_t offset, uint64_t bytes,
                         std::function<void()> on_ready)
    : client_(client), key_(std::move(key)), root_(std::move(root)), state_(std::make_shared<State>()) {
  state_->on_ready = std::move(on_ready);
  state_->open = 1;
  S3Request request{.key = key_,
                    .headers = {range_header(offset, bytes)},
                    .into = state_->bytes.reset(bytes),
                    .length = bytes};
  client_.start(std::move(request),
                [state = state_](S3Answer&& answer) { state->answered(std::move(answer)); });
}

bool S3RangeRead::is_ready() const { return state_->open == 0; }

MaybeReject S3RangeRead::finish(Buffer& out) {
  state_->wait.get();
  if (!state_->failed) {
    std::swap(out, state_->bytes);
    return std::nullopt;
  }
  const S3Answer& answer = state_->failure;
  if (concerns_all(answer) || answer.denied()) throw s3_error(client_, kRead, key_, root_, answer);
  if (answer.http.status == 416) return Reject{Stage::read, Reason::changed, "It is shorter than it was."};
  return s3_reject(answer);
}

}  // namespace pomona
