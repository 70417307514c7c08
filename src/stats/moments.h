// Mean and centred second moments of a set of vectors, in one pass, mergeable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pomona {

// n, mean and M2 = sum (x - mean)(x - mean)^T in float64, for vectors of d numbers. Merged by the formula of
// Chan, Golub and LeVeque (1979). update() and merge() give the same bits for the same calls in the same
// order.
class Moments {
 public:
  // Throws Error: usage where the dimension is 0.
  explicit Moments(size_t dimension);

  // `rows` holds whole vectors, one after another; finite numbers only. They are taken in blocks, each
  // centred on its own mean. Means and variances are summed in float64; the products of different features
  // are summed in the rows' own precision within a block and in float64 between blocks. Give hundreds of rows
  // at once: each call costs about as much as 50 rows, whatever it holds. Throws Error: mismatch where the
  // numbers do not make whole vectors.
  void update(std::span<const float> rows);
  void update(std::span<const double> rows);
  // What update() gives for the same numbers in float64, without a copy of them all.
  void update_exactly(std::span<const float> rows);
  // As if the other's vectors had come after these. Throws Error: mismatch where the dimensions differ.
  void merge(const Moments& other);

  size_t dimension() const { return mean_.size(); }
  uint64_t count() const { return count_; }
  std::span<const double> mean() const { return mean_; }
  // The upper triangle of M2, row by row: d * (d + 1) / 2 numbers; none while there are no vectors.
  std::span<const double> packed_m2() const { return m2_; }
  // Where row i of that triangle begins, at its diagonal.
  static size_t packed_row(size_t i, size_t dimension) { return i * dimension - i * (i + 1) / 2 + i; }
  // The diagonal of M2: sums of squared deviations.
  std::vector<double> diagonal() const;

  // The layout is drawn in moments_bytes.cpp. deserialize() throws Error: corrupt for whatever serialize()
  // cannot have written.
  std::vector<std::byte> serialize() const;
  static Moments deserialize(std::span<const std::byte> bytes);

 private:
  // T: what the products are summed in within a block.
  template <typename T, typename Row>
  void update_in_blocks(std::span<const Row> rows);

  uint64_t count_ = 0;
  std::vector<double> mean_;
  std::vector<double> m2_;
};

}  // namespace pomona
