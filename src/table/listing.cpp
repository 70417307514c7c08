#include "table/listing.h"

#include "base/text.h"
#include "table/parquet.h"

namespace pomona {

std::string encode_listing(std::span<const ListedRow> rows) {
  arrow::StringBuilder paths;
  arrow::StringBuilder versions;
  arrow::Int64Builder sizes;
  arrow::BooleanBuilder rejected;
  arrow::BinaryBuilder raw_paths;  // only where the path is not UTF-8, so that the file can still be opened
  for (const ListedRow& row : rows) {
    const bool utf8 = is_utf8(row.key);
    check_arrow(paths.Append(utf8 ? row.key : to_utf8(row.key)), "memory");
    check_arrow(sizes.Append(static_cast<int64_t>(row.size)), "memory");
    check_arrow(versions.Append(row.version), "memory");
    check_arrow(rejected.Append(row.rejected), "memory");
    check_arrow(utf8 ? raw_paths.AppendNull() : raw_paths.Append(row.key), "memory");
  }
  const auto required = [](const char* name, auto type) {
    return arrow::field(name, std::move(type), false);
  };
  const auto schema = arrow::schema(
      {required("path", arrow::utf8()), required("size", arrow::int64()), required("version", arrow::utf8()),
       required("rejected", arrow::boolean()), arrow::field("raw_path", arrow::binary())});
  std::vector<std::shared_ptr<arrow::Array>> columns;
  for (arrow::ArrayBuilder* builder :
       std::initializer_list<arrow::ArrayBuilder*>{&paths, &sizes, &versions, &rejected, &raw_paths}) {
    columns.push_back(check_arrow(builder->Finish(), "memory"));
  }
  return to_parquet(*arrow::Table::Make(schema, columns), {});
}

std::vector<ListedRow> decode_listing(std::string_view bytes, const std::string& object) {
  const auto table = from_parquet(bytes, object);
  const auto paths =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "path", arrow::Type::STRING, object));
  const auto sizes =
      std::static_pointer_cast<arrow::Int64Array>(column(*table, "size", arrow::Type::INT64, object));
  const auto versions =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "version", arrow::Type::STRING, object));
  const auto rejected =
      std::static_pointer_cast<arrow::BooleanArray>(column(*table, "rejected", arrow::Type::BOOL, object));
  const auto raw =
      std::static_pointer_cast<arrow::BinaryArray>(column(*table, "raw_path", arrow::Type::BINARY, object));
  std::vector<ListedRow> rows;
  rows.reserve(static_cast<size_t>(table->num_rows()));
  for (int64_t row = 0; row < table->num_rows(); ++row) {
    rows.push_back({raw->IsNull(row) ? paths->GetString(row) : raw->GetString(row),
                    static_cast<uint64_t>(sizes->Value(row)), versions->GetString(row),
                    rejected->Value(row)});
  }
  return rows;
}

}  // namespace pomona
