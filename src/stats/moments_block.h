// What Moments and Variances share: rows taken in blocks, and Chan's way of adding a block's mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace pomona {

// Large enough that adding a block's products to the float64 sums is cheap beside making them, small enough
// that its float32 sums stay short.
inline constexpr size_t kBlockRows = 128;

// How many vectors of `dimension` there are. Throws Error: mismatch where the last one is not whole.
size_t whole_rows(size_t numbers, size_t dimension);

// Room for up to `rows` rows of `dimension`, made once for an update.
template <typename T>
struct MomentsBlock {
  MomentsBlock(size_t dimension, size_t rows)
      : mean(dimension), squares(dimension), centred(std::make_unique_for_overwrite<T[]>(rows * dimension)) {}

  // Fills the members from the rows.
  void centre(std::span<const T> rows);

  std::vector<double> mean;
  std::vector<double> squares;   // sums of squared deviations, in float64
  std::unique_ptr<T[]> centred;  // rows minus their mean
};

// Takes `added` vectors with their mean into `count` and `mean`. Fills `shift` (the new mean minus the old
// one) and returns its weight: M2 grows by weight * shift shift^T besides the new vectors' own M2.
double shift_mean(uint64_t& count, std::span<double> mean, uint64_t added, std::span<const double> added_mean,
                  std::vector<double>& shift);

}  // namespace pomona
