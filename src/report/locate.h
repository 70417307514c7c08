// From a path in a dataset back to the photo in the source, as the plan listed it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/storage.h"

namespace pomona::report {

// One entry a path, in their order; nothing where the plan does not hold the path (it was not UTF-8). Reads
// each plan part that is needed once. Throws Error(corrupt).
std::vector<std::optional<ObjectInfo>> locate(const Storage& dataset, uint64_t shards,
                                              std::span<const std::string> paths);

}  // namespace pomona::report
