#include "photos.h"

#include <algorithm>

#include "base/hash.h"
#include "storage/storage.h"

namespace pomona::bench {

std::vector<std::string> read_photos(const std::string& folder, size_t limit) {
  const auto storage = open_storage(folder);
  std::vector<std::string> keys;
  storage->list([&](ObjectInfo&& object) { keys.push_back(std::move(object.key)); });
  std::ranges::sort(keys, {}, [](const std::string& key) { return path_hash(key); });
  keys.resize(std::min(limit, keys.size()));
  std::vector<std::string> photos;
  for (const std::string& key : keys) photos.push_back(storage->read(key));
  return photos;
}

}  // namespace pomona::bench
