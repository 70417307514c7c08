#include "stats/moments.h"

#include <algorithm>
#include <memory>
#include <type_traits>

#include "base/error.h"
#include "base/text.h"
#include "stats/blas.h"
#include "stats/moments_block.h"
#include "stats/moments_kernel.h"

namespace pomona {

Moments::Moments(size_t dimension) : mean_(dimension) {
  if (dimension == 0) throw Error(ErrorCode::usage, "moments", "", "vectors of no numbers have no moments");
}

namespace {

// So many rows of the products at a time: they stay in the cache until they are added, and need a tenth of
// the memory of all of them.
constexpr size_t kPanel = 128;

template <typename T, typename Row>
std::span<const T> converted(std::span<const Row> rows, std::vector<T>& buffer) {
  if constexpr (std::is_same_v<T, Row>) {
    return rows;
  } else {
    buffer.assign(rows.begin(), rows.end());
    return buffer;
  }
}

}  // namespace

void Moments::update(std::span<const float> rows) { update_in_blocks<float>(rows); }
void Moments::update(std::span<const double> rows) { update_in_blocks<double>(rows); }
void Moments::update_exactly(std::span<const float> rows) { update_in_blocks<double>(rows); }

template <typename T, typename Row>
void Moments::update_in_blocks(std::span<const Row> rows) {
  const size_t d = dimension();
  const size_t n = whole_rows(rows.size(), d);
  if (n == 0) return;
  MomentsBlock<T> block(d, std::min(n, kBlockRows));
  const auto products = std::make_unique_for_overwrite<T[]>(std::min(kPanel, d) * d);
  std::vector<T> buffer;
  std::vector<double> shift;
  m2_.resize(d * (d + 1) / 2);
  for (size_t first = 0; first < n; first += kBlockRows) {
    const size_t count = std::min(kBlockRows, n - first);
    block.centre(converted<T>(rows.subspan(first * d, count * d), buffer));
    const double weight = shift_mean(count_, mean_, count, block.mean, shift);
    for (size_t top = 0; top < d; top += kPanel) {
      const size_t height = std::min(kPanel, d - top);
      const size_t width = d - top;
      blas::gram_rows(count, d, top, height, block.centred.get(), products.get());
      for (size_t i = top; i < top + height; ++i) {
        T* product = &products[(i - top) * width + (i - top)];
        double* row = &m2_[packed_row(i, d)];
        *product = 0;  // the diagonal comes in float64
        add_products(product, &shift[i], weight * shift[i], d - i, row);
        *row += block.squares[i];
      }
    }
  }
}

void Moments::merge(const Moments& other) {
  if (other.dimension() != dimension()) {
    throw Error(ErrorCode::mismatch, "moments", "",
                "vectors of " + with_commas(other.dimension()) +
                    " numbers cannot be merged with vectors of " + with_commas(dimension()));
  }
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  std::vector<double> shift;
  const double weight = shift_mean(count_, mean_, other.count_, other.mean_, shift);
  for (size_t i = 0; i < dimension(); ++i) {
    const size_t start = packed_row(i, dimension());
    add_products(&other.m2_[start], &shift[i], weight * shift[i], dimension() - i, &m2_[start]);
  }
}

std::vector<double> Moments::diagonal() const {
  std::vector<double> values(dimension());
  if (count_ == 0) return values;
  for (size_t i = 0; i < dimension(); ++i) values[i] = m2_[packed_row(i, dimension())];
  return values;
}

}  // namespace pomona
