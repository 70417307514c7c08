#include "classify/rows.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace pomona {

MatrixRows::MatrixRows(std::span<const float> values, size_t dimension)
    : values_(values), dimension_(dimension) {
  if (dimension == 0 || values.size() % dimension != 0) {
    throw Error(ErrorCode::mismatch, "rows", "",
                with_commas(values.size()) + " numbers do not make whole rows of " + with_commas(dimension));
  }
}

std::span<const float> MatrixRows::read(size_t first, size_t n, std::vector<float>&) const {
  return values_.subspan(first * dimension_, n * dimension_);
}

std::span<const float> SelectedRows::read(size_t first, size_t n, std::vector<float>& buffer) const {
  const auto wanted = indices_.subspan(first, n);
  if (n > 0 && wanted.back() == wanted.front() + n - 1 && std::ranges::is_sorted(wanted)) {
    return rows_.read(wanted.front(), n, buffer);  // neighbours: nothing needs to be copied
  }
  const size_t d = dimension();
  buffer.resize(n * d);
  std::vector<float> part;
  for (size_t at = 0; at < n; ++at) std::ranges::copy(rows_.read(wanted[at], 1, part), &buffer[at * d]);
  return std::span(buffer).first(n * d);
}

std::vector<float> gather(const Rows& rows) {
  std::vector<float> buffer;
  const auto all = rows.read(0, rows.count(), buffer);
  if (all.data() == buffer.data()) return buffer;
  return {all.begin(), all.end()};
}

}  // namespace pomona
