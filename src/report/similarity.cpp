#include "report/similarity.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pomona::report {
namespace {

using Matrix = std::vector<std::vector<double>>;

// Clusters that are still apart, with their leaves in order and their mean distances to each other.
class Linkage {
 public:
  explicit Linkage(const Matrix& similarity) : similarity_(similarity), distance_(similarity) {
    const auto count = static_cast<uint32_t>(similarity.size());
    for (auto& row : distance_) {
      for (double& value : row) value = 1 - value;
    }
    for (uint32_t leaf = 0; leaf < count; ++leaf) leaves_.push_back({leaf});
    alive_.resize(count);
    std::iota(alive_.begin(), alive_.end(), 0U);
  }

  std::vector<uint32_t> order() {
    while (alive_.size() > 1) join_nearest();
    return alive_.empty() ? std::vector<uint32_t>() : leaves_[alive_.front()];
  }

 private:
  void join_nearest() {
    uint32_t best_a = alive_[0];
    uint32_t best_b = alive_[1];
    for (size_t i = 0; i < alive_.size(); ++i) {
      for (size_t j = i + 1; j < alive_.size(); ++j) {
        if (distance_[alive_[i]][alive_[j]] < distance_[best_a][best_b]) {
          best_a = alive_[i];
          best_b = alive_[j];
        }
      }
    }
    join(best_a, best_b);
  }

  void join(uint32_t a, uint32_t b) {
    const auto size_a = static_cast<double>(leaves_[a].size());
    const auto size_b = static_cast<double>(leaves_[b].size());
    turn_towards(leaves_[a], leaves_[b]);
    leaves_[a].insert(leaves_[a].end(), leaves_[b].begin(), leaves_[b].end());
    alive_.erase(std::find(alive_.begin(), alive_.end(), b));
    for (const uint32_t other : alive_) {
      const double mean = (size_a * distance_[a][other] + size_b * distance_[b][other]) / (size_a + size_b);
      distance_[a][other] = distance_[other][a] = mean;
    }
  }

  // Of the four ways to put two rows of leaves end to end, the one whose meeting ends are most alike.
  void turn_towards(std::vector<uint32_t>& a, std::vector<uint32_t>& b) const {
    double best = similarity_[a.back()][b.front()];
    bool turn_a = false;
    bool turn_b = false;
    const auto consider = [&](uint32_t end_a, uint32_t end_b, bool ta, bool tb) {
      if (similarity_[end_a][end_b] <= best) return;
      best = similarity_[end_a][end_b];
      turn_a = ta;
      turn_b = tb;
    };
    consider(a.back(), b.back(), false, true);
    consider(a.front(), b.front(), true, false);
    consider(a.front(), b.back(), true, true);
    if (turn_a) std::reverse(a.begin(), a.end());
    if (turn_b) std::reverse(b.begin(), b.end());
  }

  const Matrix& similarity_;
  Matrix distance_;
  std::vector<std::vector<uint32_t>> leaves_;
  std::vector<uint32_t> alive_;
};

}  // namespace

Matrix cosine_matrix(const Matrix& rows) {
  const size_t count = rows.size();
  std::vector<double> norms(count);
  for (size_t i = 0; i < count; ++i) {
    norms[i] = std::sqrt(std::inner_product(rows[i].begin(), rows[i].end(), rows[i].begin(), 0.0));
  }
  Matrix result(count, std::vector<double>(count));
  for (size_t i = 0; i < count; ++i) {
    result[i][i] = 1;
    for (size_t j = 0; j < i; ++j) {
      const double dot = std::inner_product(rows[i].begin(), rows[i].end(), rows[j].begin(), 0.0);
      const double scale = norms[i] * norms[j];
      result[i][j] = result[j][i] = scale > 0 ? std::clamp(dot / scale, -1.0, 1.0) : 0;
    }
  }
  return result;
}

std::vector<uint32_t> clustered_order(const Matrix& similarity) { return Linkage(similarity).order(); }

std::vector<ClosePair> closest_pairs(const Matrix& similarity, size_t count) {
  std::vector<ClosePair> pairs;
  for (uint32_t a = 0; a < similarity.size(); ++a) {
    for (uint32_t b = a + 1; b < similarity.size(); ++b) pairs.push_back({a, b, similarity[a][b]});
  }
  const auto middle = pairs.begin() + static_cast<ptrdiff_t>(std::min(count, pairs.size()));
  std::partial_sort(pairs.begin(), middle, pairs.end(), [](const ClosePair& x, const ClosePair& y) {
    return x.value != y.value ? x.value > y.value : std::pair(x.a, x.b) < std::pair(y.a, y.b);
  });
  pairs.erase(middle, pairs.end());
  return pairs;
}

}  // namespace pomona::report
