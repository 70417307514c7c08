// Which classes lie close to each other: cosine of their means, and an order in which alike ones stand
// together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pomona::report {

// Cosine between every two rows of equal length; 0 where a row is 0. Symmetric, 1 on the diagonal.
std::vector<std::vector<double>> cosine_matrix(const std::vector<std::vector<double>>& rows);

// The leaves of the average-linkage clustering (UPGMA) of 1 - similarity, from left to right; where two
// clusters join, they are turned so that the nearer ends meet. O(n^3) at worst: for hundreds of classes.
std::vector<uint32_t> clustered_order(const std::vector<std::vector<double>>& similarity);

struct ClosePair {
  uint32_t a = 0;
  uint32_t b = 0;
  double value = 0;
};
// The `count` most similar pairs, the closest first.
std::vector<ClosePair> closest_pairs(const std::vector<std::vector<double>>& similarity, size_t count);

}  // namespace pomona::report
