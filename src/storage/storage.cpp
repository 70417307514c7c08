#include "storage/storage.h"

#include "base/error.h"
#include "storage/local.h"
#include "storage/s3.h"

namespace pomona {

std::unique_ptr<PendingRead> Storage::start_read(const ObjectInfo& object, uint64_t,
                                                 std::function<void()>) const {
  throw Error(ErrorCode::internal, "read", object.key, "this storage does not read ahead");
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
