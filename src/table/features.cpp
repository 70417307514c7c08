#include "table/features.h"

#include <cstring>

#include "base/error.h"
#include "table/parquet.h"

namespace pomona {
namespace {

template <typename Builder, typename Value>
std::shared_ptr<arrow::Array> numbers(std::span<const PhotoRow> rows, Value PhotoRow::* member) {
  Builder builder;
  for (const PhotoRow& row : rows) check_arrow(builder.Append(row.*member), "memory");
  return check_arrow(builder.Finish(), "memory");
}

std::vector<std::string_view> texts(std::span<const PhotoRow> rows, std::string PhotoRow::* member) {
  std::vector<std::string_view> values;
  values.reserve(rows.size());
  for (const PhotoRow& row : rows) values.emplace_back(row.*member);
  return values;
}

std::shared_ptr<arrow::Field> required(const char* name, std::shared_ptr<arrow::DataType> type) {
  return arrow::field(name, std::move(type), false);
}

std::string text_at(const arrow::StringArray& array, int64_t row) {
  return array.IsNull(row) ? std::string() : array.GetString(row);
}

}  // namespace

std::string encode_features(std::span<const PhotoRow> rows, std::span<const float> features,
                            size_t dimension) {
  std::string bytes;
  encode_features(rows, features, dimension, bytes);
  return bytes;
}

void encode_features(std::span<const PhotoRow> rows, std::span<const float> features, size_t dimension,
                     std::string& bytes) {
  const auto schema = arrow::schema({required("path", arrow::utf8()), arrow::field("label", arrow::utf8()),
                                     required("width", arrow::int32()), required("height", arrow::int32()),
                                     required("bytes", arrow::int64()), required("sha256", arrow::utf8()),
                                     required("features", vector_type())});
  const auto table = arrow::Table::Make(
      schema,
      {string_array(texts(rows, &PhotoRow::path)), nullable_string_array(texts(rows, &PhotoRow::label)),
       numbers<arrow::Int32Builder>(rows, &PhotoRow::width),
       numbers<arrow::Int32Builder>(rows, &PhotoRow::height),
       numbers<arrow::Int64Builder>(rows, &PhotoRow::bytes), string_array(texts(rows, &PhotoRow::sha256)),
       vector_array(features, dimension)});
  to_parquet(*table, {.dictionary_columns = {"label"}}, bytes);
}

FeatureTable decode_features(std::string_view bytes, const std::string& object) {
  FeatureTable result;
  result.features = read_vectors(bytes, object, "features", result.dimension);
  const auto table = from_parquet(bytes, object, {"path", "label", "width", "height", "bytes", "sha256"});
  const auto paths =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "path", arrow::Type::STRING, object));
  const auto labels =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "label", arrow::Type::STRING, object));
  const auto hashes =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "sha256", arrow::Type::STRING, object));
  const auto widths =
      std::static_pointer_cast<arrow::Int32Array>(column(*table, "width", arrow::Type::INT32, object));
  const auto heights =
      std::static_pointer_cast<arrow::Int32Array>(column(*table, "height", arrow::Type::INT32, object));
  const auto sizes =
      std::static_pointer_cast<arrow::Int64Array>(column(*table, "bytes", arrow::Type::INT64, object));
  result.rows.reserve(static_cast<size_t>(table->num_rows()));
  for (int64_t row = 0; row < table->num_rows(); ++row) {
    result.rows.push_back({paths->GetString(row), text_at(*labels, row), widths->Value(row),
                           heights->Value(row), sizes->Value(row), hashes->GetString(row)});
  }
  return result;
}

LabelTable decode_labels(std::string_view bytes, const std::string& object) {
  const auto table = from_parquet(bytes, object, {"path", "label"});
  LabelTable result;
  const auto paths =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "path", arrow::Type::STRING, object));
  const auto labels =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "label", arrow::Type::STRING, object));
  for (int64_t row = 0; row < table->num_rows(); ++row) {
    result.paths.push_back(paths->GetString(row));
    result.labels.push_back(text_at(*labels, row));
  }
  return result;
}

std::string encode_reduced(std::span<const PhotoRow> rows, std::span<const float> reduced, size_t k) {
  const auto schema = arrow::schema({required("path", arrow::utf8()), arrow::field("label", arrow::utf8()),
                                     required("reduced", vector_type())});
  const auto table = arrow::Table::Make(
      schema, {string_array(texts(rows, &PhotoRow::path)),
               nullable_string_array(texts(rows, &PhotoRow::label)), vector_array(reduced, k)});
  return to_parquet(*table, {.dictionary_columns = {"label"}});
}

ReducedTable decode_reduced(std::string_view bytes, const std::string& object) {
  ReducedTable result;
  result.reduced = read_vectors(bytes, object, "reduced", result.k);
  const auto table = from_parquet(bytes, object, {"path", "label"});
  const auto paths =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "path", arrow::Type::STRING, object));
  const auto labels =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "label", arrow::Type::STRING, object));
  for (int64_t row = 0; row < table->num_rows(); ++row) {
    result.paths.push_back(paths->GetString(row));
    result.labels.push_back(text_at(*labels, row));
  }
  return result;
}

}  // namespace pomona
