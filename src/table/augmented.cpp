#include "table/augmented.h"

#include "table/parquet.h"

namespace pomona {

std::string encode_augmented(std::span<const ViewRow> rows, std::span<const float> features,
                             size_t dimension) {
  std::vector<std::string_view> paths;
  std::vector<std::string_view> labels;
  arrow::Int32Builder views;
  for (const ViewRow& row : rows) {
    paths.emplace_back(row.path);
    labels.emplace_back(row.label);
    check_arrow(views.Append(row.view), "memory");
  }
  const auto schema = arrow::schema(
      {arrow::field("path", arrow::utf8(), false), arrow::field("label", arrow::utf8(), false),
       arrow::field("view", arrow::int32(), false), arrow::field("features", vector_type(), false)});
  const auto table =
      arrow::Table::Make(schema, {string_array(paths), string_array(labels),
                                  check_arrow(views.Finish(), "memory"), vector_array(features, dimension)});
  return to_parquet(*table, {.dictionary_columns = {"path", "label"}});
}

AugmentedTable decode_augmented(std::string_view bytes, const std::string& object) {
  AugmentedTable result;
  result.features = read_vectors(bytes, object, "features", result.dimension);
  const auto table = from_parquet(bytes, object, {"path", "label", "view"});
  const auto paths =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "path", arrow::Type::STRING, object));
  const auto labels =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "label", arrow::Type::STRING, object));
  const auto views =
      std::static_pointer_cast<arrow::Int32Array>(column(*table, "view", arrow::Type::INT32, object));
  for (int64_t row = 0; row < table->num_rows(); ++row) {
    result.rows.push_back({paths->GetString(row), labels->GetString(row), views->Value(row)});
  }
  return result;
}

}  // namespace pomona
