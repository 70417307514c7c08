// Arrow tables to and from the bytes of a Parquet file: one row group unless told otherwise, zstd, no time,
// no host name.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <arrow/api.h>

namespace pomona {

struct ParquetLayout {
  std::vector<std::string> dictionary_columns = {};  // few distinct values; every other column is plain
  std::vector<int64_t> row_groups = {};              // their lengths, in order; empty: one row group for all
};

std::string to_parquet(const arrow::Table& table, const ParquetLayout& layout);
// The same in place of what `bytes` held, and in its memory where that is enough.
void to_parquet(const arrow::Table& table, const ParquetLayout& layout, std::string& bytes);

// The whole file, or the named columns of it. `object` names the file in errors: Error(corrupt).
std::shared_ptr<arrow::Table> from_parquet(std::string_view bytes, const std::string& object,
                                           const std::vector<std::string>& columns = {});
// The row groups in which the statistics of an int64 column say that `value` can occur.
std::shared_ptr<arrow::Table> from_parquet_where(std::string_view bytes, const std::string& object,
                                                 const std::string& column, int64_t value);

// Throws Error(corrupt) with the object's name where Arrow fails.
void check_arrow(const arrow::Status& status, const std::string& object);
template <typename T>
T check_arrow(arrow::Result<T> result, const std::string& object) {
  check_arrow(result.status(), object);
  return std::move(result).ValueUnsafe();
}

// The column as one contiguous array of the type that the schema promises. Throws Error(corrupt) where it is
// not.
std::shared_ptr<arrow::Array> column(const arrow::Table& table, const std::string& name,
                                     arrow::Type::type type, const std::string& object);

// The vectors of a list column, which must all be of one length: `dimension`, left as it is where there is no
// row. They come straight from the pages, without Arrow's copy of them. Throws Error(corrupt).
std::vector<float> read_vectors(std::string_view bytes, const std::string& object, const std::string& name,
                                size_t& dimension);

// Builders for the columns that every schema has.
std::shared_ptr<arrow::Array> string_array(const std::vector<std::string_view>& values);
// An empty string becomes null.
std::shared_ptr<arrow::Array> nullable_string_array(const std::vector<std::string_view>& values);
// One list of `dimension` numbers a row, without copying: `values` must outlive the array. Throws
// Error(usage) above 2^31 numbers.
std::shared_ptr<arrow::Array> vector_array(std::span<const float> values, size_t dimension);
std::shared_ptr<arrow::DataType> vector_type();

}  // namespace pomona
