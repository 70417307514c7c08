// Groups of photos that look alike, where nobody says which belong together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classify/rows.h"

namespace pomona {

struct LookalikeOptions {
  size_t groups_per_class = 10;
  size_t max_linked =
      1000;  // photos of a class that are linked with each other; more join the most similar of these
  size_t threads = 1;
};

// For each row the key of its group. The rows of each class are joined by average linkage of 1 - cosine until
// `groups_per_class` groups are left. Photos of one fruit, one shelf or one burst end up together; folds that
// part them would judge a model on what it has all but seen. `keys` (hashes of the paths) stand for the rows:
// the groups do not depend on their order. Memory: the rows of one class a thread, and max_linked^2
// distances.
std::vector<uint64_t> lookalike_groups(const Rows& rows, std::span<const uint32_t> labels,
                                       std::span<const uint64_t> keys, const LookalikeOptions& options = {});

// Average linkage by the nearest-neighbour chain (Murtagh, 1983): the cluster (0, 1, ...) of each of n points
// when `clusters` are left. `distances` is n x n, symmetric, and is destroyed.
std::vector<size_t> average_linkage(std::vector<double> distances, size_t n, size_t clusters);

}  // namespace pomona
