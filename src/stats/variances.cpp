#include "stats/variances.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "stats/moments_block.h"

namespace pomona {

Variances::Variances(size_t dimension) : mean_(dimension), squares_(dimension) {
  if (dimension == 0)
    throw Error(ErrorCode::usage, "variances", "", "vectors of no numbers have no variances");
}

void Variances::update(std::span<const float> rows) { update_in_blocks(rows); }
void Variances::update(std::span<const double> rows) { update_in_blocks(rows); }

template <typename T>
void Variances::update_in_blocks(std::span<const T> rows) {
  const size_t d = dimension();
  const size_t n = whole_rows(rows.size(), d);
  if (n == 0) return;
  MomentsBlock<T> block(d, std::min(n, kBlockRows));
  for (size_t first = 0; first < n; first += kBlockRows) {
    const size_t count = std::min(kBlockRows, n - first);
    block.centre(rows.subspan(first * d, count * d));
    combine(count, block.mean, block.squares);
  }
}

void Variances::merge(const Variances& other) {
  if (other.dimension() != dimension()) {
    throw Error(ErrorCode::mismatch, "variances", "",
                "vectors of " + with_commas(other.dimension()) +
                    " numbers cannot be merged with vectors of " + with_commas(dimension()));
  }
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
  } else {
    combine(other.count_, other.mean_, other.squares_);
  }
}

void Variances::combine(uint64_t count, std::span<const double> mean, std::span<const double> squares) {
  std::vector<double> shift;
  const double weight = shift_mean(count_, mean_, count, mean, shift);
  for (size_t i = 0; i < dimension(); ++i) squares_[i] += squares[i] + weight * shift[i] * shift[i];
}

Variances Variances::from(uint64_t count, std::span<const double> mean, std::span<const double> squares) {
  const auto sound = [](double value) { return std::isfinite(value); };
  if (mean.size() != squares.size() || mean.empty() || !std::ranges::all_of(mean, sound) ||
      !std::ranges::all_of(squares, [&](double value) { return sound(value) && value >= 0; })) {
    throw Error(ErrorCode::corrupt, "variances", "", "these are not means and sums of squares");
  }
  Variances variances(mean.size());
  variances.count_ = count;
  std::ranges::copy(mean, variances.mean_.begin());
  std::ranges::copy(squares, variances.squares_.begin());
  return variances;
}

}  // namespace pomona
