// Thumbnails of photos that are read again from their source.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "image/decode.h"
#include "report/sprite.h"
#include "storage/storage.h"

namespace pomona::report {

// One thumbnail an object, in their order; of width 0 where the photo is gone, has changed since it was
// listed, or cannot be decoded. With `damaged`, a photo that breaks off shows what stands before the damage,
// the rest grey.
std::vector<Thumbnail> read_thumbnails(const Storage& source,
                                       const std::vector<std::optional<ObjectInfo>>& objects,
                                       const DecodeSettings& limits, bool damaged, size_t threads);

}  // namespace pomona::report
