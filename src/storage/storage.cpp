#include "storage/storage.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "storage/local.h"
#include "storage/s3.h"

namespace pomona {

std::unique_ptr<PendingRead> Storage::start_read(const ObjectInfo& object, uint64_t,
                                                 const std::function<void()>&) const {
  throw Error(ErrorCode::internal, "read", object.key, "this storage does not read ahead");
}

MaybeReject refuse_size(uint64_t size, uint64_t max_bytes) {
  if (size == 0) return Reject{Stage::read, Reason::empty, "The file has no bytes."};
  if (size <= max_bytes) return std::nullopt;
  return Reject{Stage::read, Reason::too_many_bytes,
                "The file has " + with_commas(size) + " bytes; the limit is " + with_commas(max_bytes) + "."};
}

MaybeReject Storage::read_range(const std::string& key, uint64_t offset, uint64_t bytes, Buffer& out) const {
  const std::string whole = read(key);
  if (offset > whole.size() || bytes > whole.size() - offset) {
    return Reject{Stage::read, Reason::changed, "It is shorter than it was."};
  }
  const auto part = std::as_bytes(std::span(whole)).subspan(offset, bytes);
  std::ranges::copy(part, out.reset(bytes).begin());
  return std::nullopt;
}

std::unique_ptr<PendingRead> Storage::start_read_range(const std::string& key, uint64_t offset,
                                                       uint64_t bytes,
                                                       const std::function<void()>& on_ready) const {
  Buffer out;
  auto reject = read_range(key, offset, bytes, out);
  if (on_ready) on_ready();
  if (reject) return std::make_unique<DecidedRead>(std::move(*reject));
  return std::make_unique<DecidedRead>(std::move(out));
}

void Storage::move(const std::string& from, const std::string& to) {
  write(to, read(from));
  remove(from);
}

std::string temporary_folder() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (!error) return folder.string();
  throw Error(ErrorCode::storage, "temporary files", environment("TMPDIR"), "it is no folder",
              "let TMPDIR name a folder with some free space");
}

std::string scratch_folder(const Storage& storage) {
  auto folder = storage.local_folder();
  return folder ? std::move(*folder) : temporary_folder();
}

std::unique_ptr<Storage> open_storage(const std::string& uri, const S3Options& s3) {
  if (uri.empty()) throw Error(ErrorCode::usage, "storage", "", "the path is empty", "name a folder");
  const size_t scheme = uri.find("://");
  if (scheme == std::string::npos) return std::make_unique<LocalStorage>(uri);
  if (uri.starts_with("file:///")) return std::make_unique<LocalStorage>(uri.substr(7));
  if (uri.starts_with("s3://")) return std::make_unique<S3Storage>(uri, s3);
  throw Error(ErrorCode::usage, "storage", uri, "no storage is known by " + uri.substr(0, scheme + 3),
              "name a folder, or s3://bucket/prefix");
}

}  // namespace pomona
