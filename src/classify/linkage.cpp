#include <algorithm>
#include <limits>
#include <numeric>

#include "classify/lookalikes.h"

namespace pomona {
namespace {

struct Merge {
  double height;
  size_t a;
  size_t b;
};

class Chain {
 public:
  Chain(std::vector<double> distances, size_t n) : distances_(std::move(distances)), n_(n), sizes_(n, 1) {}

  // All n - 1 merges, in the order in which the chain finds them.
  std::vector<Merge> run() {
    std::vector<Merge> merges;
    std::vector<size_t> chain;
    size_t start = 0;
    while (merges.size() + 1 < n_) {
      if (chain.empty()) {
        while (sizes_[start] == 0) ++start;
        chain.push_back(start);
      }
      const size_t tip = chain.back();
      const size_t before = chain.size() > 1 ? chain[chain.size() - 2] : n_;
      const size_t next = nearest(tip, before);
      if (next != before) {
        chain.push_back(next);
        continue;
      }
      merges.push_back({at(tip, next), tip, next});
      join(tip, next);
      chain.resize(chain.size() - 2);
    }
    return merges;
  }

 private:
  double& at(size_t i, size_t j) { return distances_[i * n_ + j]; }

  // The nearest cluster to `i`; where several are as near, `preferred` if it is one of them, else the first.
  size_t nearest(size_t i, size_t preferred) {
    size_t best = preferred;
    double least = preferred < n_ ? at(i, preferred) : std::numeric_limits<double>::infinity();
    for (size_t j = 0; j < n_; ++j) {
      if (j != i && sizes_[j] > 0 && (at(i, j) < least || best == n_)) {
        best = j;
        least = at(i, j);
      }
    }
    return best;
  }

  // Cluster b takes cluster a in; its distances become the means over all pairs of points.
  void join(size_t a, size_t b) {
    const auto weight_a = static_cast<double>(sizes_[a]);
    const auto weight_b = static_cast<double>(sizes_[b]);
    for (size_t j = 0; j < n_; ++j) {
      if (j == a || j == b || sizes_[j] == 0) continue;
      at(b, j) = at(j, b) = (weight_a * at(a, j) + weight_b * at(b, j)) / (weight_a + weight_b);
    }
    sizes_[b] += sizes_[a];
    sizes_[a] = 0;
  }

  std::vector<double> distances_;
  size_t n_;
  std::vector<size_t> sizes_;  // 0: taken in by another
};

size_t root(std::vector<size_t>& parents, size_t i) {
  while (parents[i] != i) i = parents[i] = parents[parents[i]];
  return i;
}

}  // namespace

std::vector<size_t> average_linkage(std::vector<double> distances, size_t n, size_t clusters) {
  std::vector<size_t> parents(n);
  std::iota(parents.begin(), parents.end(), size_t{0});
  if (n > clusters) {
    auto merges = Chain(std::move(distances), n).run();
    std::ranges::stable_sort(merges, {}, &Merge::height);
    for (size_t m = 0; m < n - clusters; ++m)
      parents[root(parents, merges[m].a)] = root(parents, merges[m].b);
  }
  // Numbered in the order of their first points.
  std::vector<size_t> number(n, n);
  std::vector<size_t> result(n);
  size_t next = 0;
  for (size_t i = 0; i < n; ++i) {
    size_t& cluster = number[root(parents, i)];
    if (cluster == n) cluster = next++;
    result[i] = cluster;
  }
  return result;
}

}  // namespace pomona
