#include "packed/open_source.h"

#include "packed/pack_manifest.h"
#include "packed/packed_storage.h"

namespace pomona {

std::unique_ptr<Storage> open_source(const std::string& uri, const S3Options& s3) {
  auto store = open_storage(uri, s3);
  auto manifest = read_manifest(*store);
  if (!manifest) return store;
  return std::make_unique<PackedStorage>(std::move(store), std::move(*manifest));
}

}  // namespace pomona
