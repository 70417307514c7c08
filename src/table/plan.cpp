#include "table/plan.h"

#include "base/text.h"
#include "table/parquet.h"

namespace pomona {
namespace {

// The lengths of the runs of equal shard numbers.
std::vector<int64_t> shard_lengths(std::span<const PlanRow> rows) {
  std::vector<int64_t> lengths;
  for (size_t row = 0; row < rows.size(); ++row) {
    if (row == 0 || rows[row].shard != rows[row - 1].shard) lengths.push_back(0);
    ++lengths.back();
  }
  return lengths;
}

}  // namespace

std::string encode_plan(std::span<const PlanRow> rows) {
  arrow::StringBuilder paths;
  arrow::StringBuilder labels;
  arrow::StringBuilder versions;
  arrow::Int64Builder sizes;
  arrow::Int64Builder shards;
  arrow::BinaryBuilder raw_paths;  // only where the path is not UTF-8, so that the file can still be opened
  for (const PlanRow& row : rows) {
    const bool utf8 = is_utf8(row.key);
    check_arrow(paths.Append(utf8 ? row.key : to_utf8(row.key)), "memory");
    check_arrow(row.label.empty() ? labels.AppendNull() : labels.Append(row.label), "memory");
    check_arrow(versions.Append(row.version), "memory");
    check_arrow(sizes.Append(static_cast<int64_t>(row.size)), "memory");
    check_arrow(shards.Append(static_cast<int64_t>(row.shard)), "memory");
    check_arrow(utf8 ? raw_paths.AppendNull() : raw_paths.Append(row.key), "memory");
  }
  const auto required = [](const char* name, auto type) {
    return arrow::field(name, std::move(type), false);
  };
  const auto schema =
      arrow::schema({required("path", arrow::utf8()), arrow::field("label", arrow::utf8()),
                     required("size", arrow::int64()), required("version", arrow::utf8()),
                     required("shard", arrow::int64()), arrow::field("raw_path", arrow::binary())});
  std::vector<std::shared_ptr<arrow::Array>> columns;
  for (arrow::ArrayBuilder* builder :
       std::initializer_list<arrow::ArrayBuilder*>{&paths, &labels, &sizes, &versions, &shards, &raw_paths}) {
    columns.push_back(check_arrow(builder->Finish(), "memory"));
  }
  return to_parquet(*arrow::Table::Make(schema, columns),
                    {.dictionary_columns = {"label"}, .row_groups = shard_lengths(rows)});
}

std::vector<PlanRow> decode_plan(std::string_view bytes, const std::string& object, uint64_t shard) {
  const auto table = from_parquet_where(bytes, object, "shard", static_cast<int64_t>(shard));
  const auto texts = [&](const char* name) {
    return std::static_pointer_cast<arrow::StringArray>(column(*table, name, arrow::Type::STRING, object));
  };
  const auto integers = [&](const char* name) {
    return std::static_pointer_cast<arrow::Int64Array>(column(*table, name, arrow::Type::INT64, object));
  };
  const auto paths = texts("path");
  const auto labels = texts("label");
  const auto versions = texts("version");
  const auto sizes = integers("size");
  const auto shards = integers("shard");
  const auto raw =
      std::static_pointer_cast<arrow::BinaryArray>(column(*table, "raw_path", arrow::Type::BINARY, object));
  std::vector<PlanRow> rows;
  rows.reserve(static_cast<size_t>(table->num_rows()));
  for (int64_t row = 0; row < table->num_rows(); ++row) {
    if (shards->Value(row) != static_cast<int64_t>(shard)) continue;
    rows.push_back({raw->IsNull(row) ? paths->GetString(row) : raw->GetString(row),
                    labels->IsNull(row) ? std::string() : labels->GetString(row),
                    static_cast<uint64_t>(sizes->Value(row)), versions->GetString(row), shard});
  }
  return rows;
}

}  // namespace pomona
