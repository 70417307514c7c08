#include "job/stored_rows.h"

#include <algorithm>
#include <cerrno>

#include "base/error.h"

namespace pomona {

StoredRows::StoredRows(size_t count, size_t dimension, size_t memory_bytes, std::string folder)
    : count_(count), dimension_(dimension), folder_(std::move(folder)) {
  if (count * dimension * sizeof(float) <= memory_bytes) {
    memory_.resize(count * dimension);
    return;
  }
  file_.replace(open_unnamed(folder_));
  if (!file_.ok()) throw system_error("train", folder_, errno);
}

std::span<const float> StoredRows::read(size_t first, size_t n, std::vector<float>& buffer) const {
  if (in_memory()) return std::span(memory_).subspan(first * dimension_, n * dimension_);
  buffer.resize(n * dimension_);
  const std::span<float> out = std::span(buffer).first(n * dimension_);
  if (!read_at(file_.get(), std::as_writable_bytes(out), first * dimension_ * sizeof(float))) {
    throw system_error("train", folder_, errno);
  }
  return out;
}

void StoredRows::write(size_t first, std::span<const float> rows) {
  if (in_memory()) {
    std::ranges::copy(rows, memory_.begin() + static_cast<std::ptrdiff_t>(first * dimension_));
  } else if (!write_at(file_.get(), std::as_bytes(rows), first * dimension_ * sizeof(float))) {
    throw system_error("train", folder_, errno, "free some space, or name another folder for the results");
  }
}

SampledRows::SampledRows(size_t count, size_t dimension, std::vector<size_t> indices, size_t memory_bytes,
                         std::string folder)
    : count_(count),
      indices_(std::move(indices)),
      stored_(indices_.size(), dimension, memory_bytes, std::move(folder)) {}

std::span<const float> SampledRows::read(size_t first, size_t n, std::vector<float>& buffer) const {
  const auto found = std::ranges::lower_bound(indices_, first);
  const auto position = static_cast<size_t>(found - indices_.begin());
  if (n > 0 && (position + n > indices_.size() || indices_[position] != first ||
                indices_[position + n - 1] != first + n - 1)) {
    throw Error(ErrorCode::internal, "train", "row " + std::to_string(first), "it is not in the sample");
  }
  return stored_.read(position, n, buffer);
}

}  // namespace pomona
