#include "storage/storage.h"

#include "base/error.h"
#include "storage/local.h"

namespace pomona {

std::unique_ptr<Storage> open_storage(const std::string& uri) {
  if (uri.empty()) throw Error(ErrorCode::usage, "storage", "", "the path is empty", "name a folder");
  const size_t scheme = uri.find("://");
  if (scheme == std::string::npos) return std::make_unique<LocalStorage>(uri);
  if (uri.starts_with("file:///")) return std::make_unique<LocalStorage>(uri.substr(7));
  throw Error(ErrorCode::usage, "storage", uri, "no storage is known by " + uri.substr(0, scheme + 3),
              "name a folder");
}

}  // namespace pomona
