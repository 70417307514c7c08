// Mean and variance of each feature alone: Moments without the products of different features.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pomona {

// n, mean and sums of squared deviations in float64, for vectors of d numbers; for scaling without PCA. Mean
// and variance come out with the same bits as those of Moments for the same calls.
class Variances {
 public:
  // Throws Error: usage where the dimension is 0.
  explicit Variances(size_t dimension);

  // `rows` holds whole vectors, one after another; finite numbers only. Throws Error: mismatch.
  void update(std::span<const float> rows);
  void update(std::span<const double> rows);
  // As if the other's vectors had come after these. Throws Error: mismatch where the dimensions differ.
  void merge(const Variances& other);

  size_t dimension() const { return mean_.size(); }
  uint64_t count() const { return count_; }
  std::span<const double> mean() const { return mean_; }
  std::span<const double> squares() const { return squares_; }

  // For copies that travel: what the accessors gave. Throws Error: corrupt where that cannot be.
  static Variances from(uint64_t count, std::span<const double> mean, std::span<const double> squares);

 private:
  template <typename T>
  void update_in_blocks(std::span<const T> rows);
  void combine(uint64_t count, std::span<const double> mean, std::span<const double> squares);

  uint64_t count_ = 0;
  std::vector<double> mean_;
  std::vector<double> squares_;
};

}  // namespace pomona
