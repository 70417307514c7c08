// Where the rows to learn from are: in memory, or somewhere that hands them out piece by piece.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pomona {

// `count` vectors of `dimension` numbers. What learns from them reads them again and again in blocks, from
// several threads at once, and holds only those blocks: a source that reads files keeps memory bounded.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual size_t count() const = 0;
  virtual size_t dimension() const = 0;
  // Rows first to first + n - 1, one after another: memory of the source's own, or `buffer` after filling it.
  virtual std::span<const float> read(size_t first, size_t n, std::vector<float>& buffer) const = 0;
};

// A matrix in memory, which must outlive this.
class MatrixRows final : public Rows {
 public:
  // Throws Error: mismatch where the numbers do not make whole rows.
  MatrixRows(std::span<const float> values, size_t dimension);

  size_t count() const override { return values_.size() / dimension_; }
  size_t dimension() const override { return dimension_; }
  std::span<const float> read(size_t first, size_t n, std::vector<float>& buffer) const override;

 private:
  std::span<const float> values_;
  size_t dimension_;
};

// Some rows of another source, by index, in the order given; no index twice.
class SelectedRows final : public Rows {
 public:
  SelectedRows(const Rows& rows, std::span<const size_t> indices) : rows_(rows), indices_(indices) {}

  size_t count() const override { return indices_.size(); }
  size_t dimension() const override { return rows_.dimension(); }
  std::span<const float> read(size_t first, size_t n, std::vector<float>& buffer) const override;

 private:
  const Rows& rows_;
  std::span<const size_t> indices_;
};

// All of a source's rows in memory.
std::vector<float> gather(const Rows& rows);

}  // namespace pomona
