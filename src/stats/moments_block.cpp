#include "stats/moments_block.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "stats/moments_kernel.h"

namespace pomona {

size_t whole_rows(size_t numbers, size_t dimension) {
  if (numbers % dimension != 0) {
    throw Error(ErrorCode::mismatch, "moments", "",
                with_commas(numbers) + " numbers do not make whole vectors of " + with_commas(dimension));
  }
  return numbers / dimension;
}

template <typename T>
void MomentsBlock<T>::centre(std::span<const T> rows) {
  const size_t d = mean.size();
  const size_t n = rows.size() / d;
  std::ranges::fill(mean, 0.0);
  std::ranges::fill(squares, 0.0);
  add_rows(rows.data(), n, d, mean.data());
  for (double& value : mean) value /= static_cast<double>(n);
  centre_rows(rows.data(), n, d, mean.data(), squares.data(), centred.get());
}

template struct MomentsBlock<float>;
template struct MomentsBlock<double>;

double shift_mean(uint64_t& count, std::span<double> mean, uint64_t added, std::span<const double> added_mean,
                  std::vector<double>& shift) {
  const auto before = static_cast<double>(count);
  const auto more = static_cast<double>(added);
  count += added;
  const auto total = static_cast<double>(count);
  shift.resize(mean.size());
  for (size_t i = 0; i < mean.size(); ++i) {
    shift[i] = added_mean[i] - mean[i];
    // The first mean is taken as it is: the old one is 0 and has no weight.
    mean[i] = before == 0 ? added_mean[i] : mean[i] + shift[i] * (more / total);
  }
  return before * more / total;
}

}  // namespace pomona
