// Rows to learn from, in memory as long as they are few and in an unnamed temporary file beyond that.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "classify/rows.h"
#include "storage/file.h"

namespace pomona {

class StoredRows final : public Rows {
 public:
  // Room for `count` rows. More than `memory_bytes` of them go to a file in `folder`, which is gone when the
  // process is.
  StoredRows(size_t count, size_t dimension, size_t memory_bytes, std::string folder);

  size_t count() const override { return count_; }
  size_t dimension() const override { return dimension_; }
  // Throws Error where the file cannot be read. From any thread.
  std::span<const float> read(size_t first, size_t n, std::vector<float>& buffer) const override;

  // Whole rows from row `first` on; different rows from several threads at the same time. Throws Error.
  void write(size_t first, std::span<const float> rows);

 private:
  bool in_memory() const { return !file_.ok(); }

  size_t count_;
  size_t dimension_;
  std::string folder_;
  std::vector<float> memory_;
  File file_{-1};
};

// Some rows of a larger source, stored under the numbers that they have there. Other rows must not be read.
class SampledRows final : public Rows {
 public:
  // `indices` are ascending row numbers below `count`; the rest is as StoredRows has it.
  SampledRows(size_t count, size_t dimension, std::vector<size_t> indices, size_t memory_bytes,
              std::string folder);

  size_t count() const override { return count_; }
  size_t dimension() const override { return stored_.dimension(); }
  std::span<const float> read(size_t first, size_t n, std::vector<float>& buffer) const override;

  const std::vector<size_t>& indices() const { return indices_; }
  // The row whose number is indices()[position].
  void write(size_t position, std::span<const float> row) { stored_.write(position, row); }

 private:
  size_t count_;
  std::vector<size_t> indices_;
  StoredRows stored_;
};

}  // namespace pomona
