#include "table/parquet.h"

#include <algorithm>
#include <limits>

#include <arrow/io/interfaces.h>
#include <arrow/io/memory.h>
#include <arrow/util/byte_size.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/statistics.h>

#include "base/error.h"

namespace pomona {
namespace {

// Level 1: float features hardly compress, so a higher level buys CPU time for nothing
// (docs/decisions/parquet.md).
constexpr int kZstdLevel = 1;
constexpr int64_t kPageBytes = 131'072;   // a page is encoded and compressed within a core's cache
constexpr int64_t kFooterBytes = 65'536;  // more than the schema and the statistics of a row group take
constexpr int64_t kChunkRows = 64;        // of a column of vectors, that are turned into levels at a time

// Arrow's own pool keeps what it has once had: 50 MB of peak memory at 2 threads, and no faster
// (docs/decisions/parquet.md).
arrow::MemoryPool* pool() { return arrow::system_memory_pool(); }

std::shared_ptr<parquet::WriterProperties> writer_properties(const ParquetLayout& layout) {
  parquet::WriterProperties::Builder builder;
  builder.memory_pool(pool());
  builder.compression(parquet::Compression::ZSTD)->compression_level(kZstdLevel);
  builder.disable_dictionary();
  builder.data_pagesize(kPageBytes);
  for (const std::string& name : layout.dictionary_columns) builder.enable_dictionary(name);
  return builder.build();
}

// Appends to a string.
class StringStream final : public arrow::io::OutputStream {
 public:
  explicit StringStream(std::string& bytes) : bytes_(bytes) {}

  arrow::Status Write(const void* data, int64_t count) override {
    bytes_.append(static_cast<const char*>(data), static_cast<size_t>(count));
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;
  arrow::Result<int64_t> Tell() const override { return static_cast<int64_t>(bytes_.size()); }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }

 private:
  std::string& bytes_;
  bool closed_ = false;
};

std::shared_ptr<arrow::io::BufferReader> input_of(std::string_view bytes) {
  return std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(
      reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int64_t>(bytes.size())));
}

std::unique_ptr<parquet::arrow::FileReader> open(std::string_view bytes, const std::string& object) {
  parquet::arrow::FileReaderBuilder builder;
  check_arrow(builder.Open(input_of(bytes), parquet::ReaderProperties(pool())), object);
  auto reader = check_arrow(builder.memory_pool(pool())->Build(), object);
  reader->set_use_threads(false);
  return reader;
}

// Before Arrow writes a chunk it makes two levels for each number in it: for a whole part, they are as large
// as the part, in fresh pages.
std::shared_ptr<arrow::Table> with_short_chunks(const arrow::Table& table) {
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns = table.columns();
  for (auto& column : columns) {
    if (column->type()->id() != arrow::Type::LIST) continue;
    arrow::ArrayVector chunks;
    for (int64_t row = 0; row < column->length(); row += kChunkRows) {
      const arrow::ArrayVector slice = column->Slice(row, kChunkRows)->chunks();
      chunks.insert(chunks.end(), slice.begin(), slice.end());
    }
    column = std::make_shared<arrow::ChunkedArray>(std::move(chunks), column->type());
  }
  return arrow::Table::Make(table.schema(), std::move(columns), table.num_rows());
}

// Parquet throws some of its errors where Arrow returns them.
template <typename Read>
auto reading(const std::string& object, const Read& read) {
  try {
    return read();
  } catch (const parquet::ParquetException& error) {
    check_arrow(arrow::Status::Invalid(error.what()), object);
    throw;
  }
}

// Which of the file's columns holds the numbers of the list column `name`.
int vector_leaf(const parquet::SchemaDescriptor& schema, const std::string& name, const std::string& object) {
  for (int leaf = 0; leaf < schema.num_columns(); ++leaf) {
    const parquet::ColumnDescriptor& column = *schema.Column(leaf);
    if (column.path()->ToDotVector().front() != name) continue;
    if (column.physical_type() == parquet::Type::FLOAT && column.max_repetition_level() == 1) return leaf;
    check_arrow(arrow::Status::Invalid("column '", name, "' is no list of floats"), object);
  }
  check_arrow(arrow::Status::Invalid("column '", name, "' is missing"), object);
  return -1;
}

// Gathers the vectors of one column, row group after row group.
class VectorReader {
 public:
  // `numbers`: what the file says it holds.
  VectorReader(const std::string& name, const std::string& object, size_t numbers, size_t file_bytes)
      : name_(name), object_(object) {
    // Not believed where it is more than floats ever compress to: the vector then grows as they come.
    values_.reserve(std::min(numbers, file_bytes) + kBatch);
  }

  void read(parquet::FloatReader& column) {
    while (column.HasNext()) {
      const size_t first = values_.size();
      values_.resize(first + kBatch);
      int64_t numbers = 0;
      const int64_t entries = column.ReadBatch(kBatch, definitions_.data(), repetitions_.data(),
                                               values_.data() + first, &numbers);
      values_.resize(first + static_cast<size_t>(numbers));
      if (entries == 0) fail("ends too early");
      if (numbers != entries) fail("has gaps");
      for (int64_t at = 0; at < entries; ++at) add(repetitions_[static_cast<size_t>(at)] == 0);
    }
  }

  std::vector<float> take(size_t rows, size_t& dimension) {
    end_row();
    if (rows_ != rows) fail("has another number of rows than the file");
    if (rows_ > 0) dimension = dimension_;
    return std::move(values_);
  }

 private:
  static constexpr size_t kBatch = 8192;

  void add(bool starts_row) {
    if (starts_row) {
      end_row();
      ++rows_;
    }
    ++length_;
  }

  void end_row() {
    if (rows_ == 0) return;
    if (rows_ == 1) dimension_ = length_;
    if (length_ != dimension_) fail("has vectors of several lengths");
    length_ = 0;
  }

  void fail(const char* what) const {
    check_arrow(arrow::Status::Invalid("column '", name_, "' ", what), object_);
  }

  const std::string& name_;
  const std::string& object_;
  std::vector<float> values_;
  std::vector<int16_t> definitions_ = std::vector<int16_t>(kBatch), repetitions_ = definitions_;
  size_t rows_ = 0, length_ = 0, dimension_ = 0;
};

}  // namespace

void check_arrow(const arrow::Status& status, const std::string& object) {
  if (status.ok()) return;
  throw Error(ErrorCode::corrupt, "parquet", object, status.message(),
              "restore the file, or remove the run's folder and run again");
}

std::string to_parquet(const arrow::Table& table, const ParquetLayout& layout) {
  std::string bytes;
  to_parquet(table, layout, bytes);
  return bytes;
}

void to_parquet(const arrow::Table& table, const ParquetLayout& layout, std::string& bytes) {
  bytes.clear();
  // Room for all of it at once: what grows is copied over and over.
  bytes.reserve(static_cast<size_t>(arrow::util::TotalBufferSize(table) + kFooterBytes));
  const auto sink = std::make_shared<StringStream>(bytes);
  auto writer = check_arrow(
      parquet::arrow::FileWriter::Open(*table.schema(), pool(), sink, writer_properties(layout)), "memory");
  std::vector<int64_t> row_groups = layout.row_groups;
  if (row_groups.empty()) row_groups.push_back(table.num_rows());
  const auto chunked = with_short_chunks(table);
  int64_t first = 0;
  for (const int64_t rows : row_groups) {
    check_arrow(writer->WriteTable(*chunked->Slice(first, rows), std::max<int64_t>(1, rows)), "memory");
    first += rows;
  }
  check_arrow(writer->Close(), "memory");
}

std::shared_ptr<arrow::Table> from_parquet(std::string_view bytes, const std::string& object,
                                           const std::vector<std::string>& columns) {
  return reading(object, [&] {
    const auto reader = open(bytes, object);
    std::vector<int> leaves;
    const parquet::SchemaDescriptor* schema = reader->parquet_reader()->metadata()->schema();
    for (int leaf = 0; leaf < schema->num_columns(); ++leaf) {
      const std::string root = schema->Column(leaf)->path()->ToDotVector().front();
      if (columns.empty() || std::find(columns.begin(), columns.end(), root) != columns.end())
        leaves.push_back(leaf);
    }
    return check_arrow(reader->ReadTable(leaves), object);
  });
}

std::shared_ptr<arrow::Table> from_parquet_where(std::string_view bytes, const std::string& object,
                                                 const std::string& column, int64_t value) {
  return reading(object, [&] {
    const auto reader = open(bytes, object);
    const auto metadata = reader->parquet_reader()->metadata();
    const int leaf = metadata->schema()->ColumnIndex(column);
    if (leaf < 0) check_arrow(arrow::Status::Invalid("column '", column, "' is missing"), object);
    std::vector<int> groups;
    for (int group = 0; group < metadata->num_row_groups(); ++group) {
      const auto statistics = std::dynamic_pointer_cast<parquet::Int64Statistics>(
          metadata->RowGroup(group)->ColumnChunk(leaf)->statistics());
      if (!statistics || !statistics->HasMinMax() ||
          (statistics->min() <= value && value <= statistics->max())) {
        groups.push_back(group);
      }
    }
    return check_arrow(reader->ReadRowGroups(groups), object);
  });
}

std::shared_ptr<arrow::Array> column(const arrow::Table& table, const std::string& name,
                                     arrow::Type::type type, const std::string& object) {
  const auto chunks = table.GetColumnByName(name);
  if (!chunks || chunks->type()->id() != type) {
    check_arrow(arrow::Status::Invalid("column '", name, "' is missing or of another type"), object);
  }
  if (chunks->num_chunks() == 1) return chunks->chunk(0);
  if (chunks->num_chunks() == 0) return check_arrow(arrow::MakeEmptyArray(chunks->type()), object);
  return check_arrow(arrow::Concatenate(chunks->chunks(), pool()), object);
}

std::shared_ptr<arrow::Array> string_array(const std::vector<std::string_view>& values) {
  arrow::StringBuilder builder;
  for (const std::string_view value : values) check_arrow(builder.Append(value), "memory");
  return check_arrow(builder.Finish(), "memory");
}

std::shared_ptr<arrow::Array> nullable_string_array(const std::vector<std::string_view>& values) {
  arrow::StringBuilder builder;
  for (const std::string_view value : values) {
    check_arrow(value.empty() ? builder.AppendNull() : builder.Append(value), "memory");
  }
  return check_arrow(builder.Finish(), "memory");
}

std::shared_ptr<arrow::DataType> vector_type() {
  return arrow::list(arrow::field("element", arrow::float32(), false));
}

std::shared_ptr<arrow::Array> vector_array(std::span<const float> values, size_t dimension) {
  const size_t rows = dimension == 0 ? 0 : values.size() / dimension;
  if (values.size() > std::numeric_limits<int32_t>::max()) {
    throw Error(ErrorCode::usage, "parquet",
                std::to_string(rows) + " vectors of " + std::to_string(dimension),
                "they are more numbers than a list column holds", "use a smaller --shard-size");
  }
  arrow::TypedBufferBuilder<int32_t> offsets;
  for (size_t row = 0; row <= rows; ++row) {
    check_arrow(offsets.Append(static_cast<int32_t>(row * dimension)), "memory");
  }
  auto numbers = std::make_shared<arrow::FloatArray>(
      static_cast<int64_t>(values.size()),
      std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(values.data()),
                                      static_cast<int64_t>(values.size_bytes())));
  return std::make_shared<arrow::ListArray>(vector_type(), static_cast<int64_t>(rows),
                                            check_arrow(offsets.Finish(), "memory"), numbers);
}

std::vector<float> read_vectors(std::string_view bytes, const std::string& object, const std::string& name,
                                size_t& dimension) {
  return reading(object, [&] {
    const auto file = parquet::ParquetFileReader::Open(input_of(bytes), parquet::ReaderProperties(pool()));
    const int leaf = vector_leaf(*file->metadata()->schema(), name, object);
    const int groups = file->metadata()->num_row_groups();
    size_t numbers = 0;
    for (int group = 0; group < groups; ++group) {
      numbers += static_cast<size_t>(file->metadata()->RowGroup(group)->ColumnChunk(leaf)->num_values());
    }
    VectorReader vectors(name, object, numbers, bytes.size());
    for (int group = 0; group < groups; ++group) {
      const auto column = file->RowGroup(group)->Column(leaf);
      vectors.read(static_cast<parquet::FloatReader&>(*column));
    }
    return vectors.take(static_cast<size_t>(file->metadata()->num_rows()), dimension);
  });
}

}  // namespace pomona
