// A source of photos: loose, or packed.
#pragma once

#include <memory>
#include <string>

#include "storage/storage.h"

namespace pomona {

// Opens the storage that a URI names; where it holds a packed dataset, that, as if its photos were loose.
// Throws Error: no_data where its packing has not ended, corrupt where pack.json is not what it should be.
std::unique_ptr<Storage> open_source(const std::string& uri, const S3Options& s3 = {});

}  // namespace pomona
