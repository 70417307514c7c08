#include "table/rejects.h"

#include "table/parquet.h"

namespace pomona {
namespace {

std::vector<std::string_view> texts(std::span<const RejectRow> rows, std::string RejectRow::* member) {
  std::vector<std::string_view> values;
  values.reserve(rows.size());
  for (const RejectRow& row : rows) values.emplace_back(row.*member);
  return values;
}

}  // namespace

std::string encode_rejects(std::span<const RejectRow> rows) {
  const auto text = [](const char* name, bool nullable = false) {
    return arrow::field(name, arrow::utf8(), nullable);
  };
  const auto schema =
      arrow::schema({text("path"), text("label", true), text("stage"), text("reason"), text("detail")});
  const auto table = arrow::Table::Make(
      schema,
      {string_array(texts(rows, &RejectRow::path)), nullable_string_array(texts(rows, &RejectRow::label)),
       string_array(texts(rows, &RejectRow::stage)), string_array(texts(rows, &RejectRow::reason)),
       string_array(texts(rows, &RejectRow::detail))});
  return to_parquet(*table, {.dictionary_columns = {"label", "stage", "reason"}});
}

std::vector<RejectRow> decode_rejects(std::string_view bytes, const std::string& object) {
  const auto table = from_parquet(bytes, object);
  std::vector<RejectRow> rows(static_cast<size_t>(table->num_rows()));
  const auto fill = [&](const char* name, std::string RejectRow::* member) {
    const auto values =
        std::static_pointer_cast<arrow::StringArray>(column(*table, name, arrow::Type::STRING, object));
    for (int64_t row = 0; row < table->num_rows(); ++row) {
      if (!values->IsNull(row)) rows[static_cast<size_t>(row)].*member = values->GetString(row);
    }
  };
  fill("path", &RejectRow::path);
  fill("label", &RejectRow::label);
  fill("stage", &RejectRow::stage);
  fill("reason", &RejectRow::reason);
  fill("detail", &RejectRow::detail);
  return rows;
}

}  // namespace pomona
