// The photos of a folder, in memory: kernels are measured without the disk.
#pragma once

#include <string>
#include <vector>

namespace pomona::bench {

// At most `limit` files below `folder`, in order of their paths' hashes.
std::vector<std::string> read_photos(const std::string& folder, size_t limit);

}  // namespace pomona::bench
