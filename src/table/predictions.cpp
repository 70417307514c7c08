#include "table/predictions.h"

#include "table/parquet.h"

namespace pomona {
namespace {

std::vector<std::string_view> texts(std::span<const PredictionRow> rows,
                                    std::string PredictionRow::* member) {
  std::vector<std::string_view> values;
  values.reserve(rows.size());
  for (const PredictionRow& row : rows) values.emplace_back(row.*member);
  return values;
}

std::shared_ptr<arrow::Array> numbers(std::span<const PredictionRow> rows, double PredictionRow::* member) {
  arrow::DoubleBuilder builder;
  for (const PredictionRow& row : rows) check_arrow(builder.Append(row.*member), "memory");
  return check_arrow(builder.Finish(), "memory");
}

}  // namespace

std::string encode_predictions(std::span<const PredictionRow> rows) {
  const auto schema = arrow::schema(
      {arrow::field("path", arrow::utf8(), false), arrow::field("label", arrow::utf8()),
       arrow::field("predicted", arrow::utf8(), false), arrow::field("probability", arrow::float64(), false),
       arrow::field("novelty", arrow::float64(), false)});
  const auto table = arrow::Table::Make(
      schema, {string_array(texts(rows, &PredictionRow::path)),
               nullable_string_array(texts(rows, &PredictionRow::label)),
               string_array(texts(rows, &PredictionRow::predicted)),
               numbers(rows, &PredictionRow::probability), numbers(rows, &PredictionRow::novelty)});
  return to_parquet(*table, {.dictionary_columns = {"label", "predicted"}});
}

std::vector<PredictionRow> decode_predictions(std::string_view bytes, const std::string& object) {
  const auto table = from_parquet(bytes, object);
  std::vector<PredictionRow> rows(static_cast<size_t>(table->num_rows()));
  const auto fill_text = [&](const char* name, std::string PredictionRow::* member) {
    const auto values =
        std::static_pointer_cast<arrow::StringArray>(column(*table, name, arrow::Type::STRING, object));
    for (int64_t row = 0; row < table->num_rows(); ++row) {
      if (!values->IsNull(row)) rows[static_cast<size_t>(row)].*member = values->GetString(row);
    }
  };
  const auto fill_number = [&](const char* name, double PredictionRow::* member) {
    const auto values =
        std::static_pointer_cast<arrow::DoubleArray>(column(*table, name, arrow::Type::DOUBLE, object));
    for (int64_t row = 0; row < table->num_rows(); ++row) {
      rows[static_cast<size_t>(row)].*member = values->Value(row);
    }
  };
  fill_text("path", &PredictionRow::path);
  fill_text("label", &PredictionRow::label);
  fill_text("predicted", &PredictionRow::predicted);
  fill_number("probability", &PredictionRow::probability);
  fill_number("novelty", &PredictionRow::novelty);
  return rows;
}

}  // namespace pomona
