#include "table/packed.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/text.h"
#include "table/parquet.h"

namespace pomona {
namespace {

std::string five_digits(uint64_t number) {
  const std::string text = std::to_string(number);
  return std::string(5 - std::min<size_t>(5, text.size()), '0') + text;
}

uint32_t piece_of(std::string_view name, uint64_t bucket, const std::string& object) {
  uint32_t piece = 0;
  const size_t dash = name.find_last_of('-');
  const size_t first = name.find('-');
  if (dash != first) std::from_chars(name.data() + dash + 1, name.data() + name.size(), piece);
  if (name == tar_name(bucket, piece)) return piece;
  throw Error(ErrorCode::corrupt, "packed", object, "it names '" + to_utf8(name) + "', which is no tar of it",
              "pack the photos again");
}

class Columns {
 public:
  void add(const PackedRow& row, uint64_t bucket) {
    const bool utf8 = is_utf8(row.key);
    const bool packed = row.reason.empty();
    check_arrow(paths_.Append(utf8 ? row.key : to_utf8(row.key)), "memory");
    check_arrow(sizes_.Append(static_cast<int64_t>(row.size)), "memory");
    check_arrow(versions_.Append(row.version), "memory");
    check_arrow(packed ? tars_.Append(tar_name(bucket, row.piece)) : tars_.AppendNull(), "memory");
    check_arrow(packed ? offsets_.Append(static_cast<int64_t>(row.offset)) : offsets_.AppendNull(), "memory");
    check_arrow(packed ? hashes_.Append(row.sha256) : hashes_.AppendNull(), "memory");
    check_arrow(packed ? reasons_.AppendNull() : reasons_.Append(row.reason), "memory");
    check_arrow(packed ? details_.AppendNull() : details_.Append(to_utf8(row.detail)), "memory");
    check_arrow(utf8 ? raw_paths_.AppendNull() : raw_paths_.Append(row.key), "memory");
  }

  std::shared_ptr<arrow::Table> table() {
    const auto required = [](const char* name, auto type) {
      return arrow::field(name, std::move(type), false);
    };
    const auto schema =
        arrow::schema({required("path", arrow::utf8()), required("size", arrow::int64()),
                       required("version", arrow::utf8()), arrow::field("tar", arrow::utf8()),
                       arrow::field("offset", arrow::int64()), arrow::field("sha256", arrow::utf8()),
                       arrow::field("reason", arrow::utf8()), arrow::field("detail", arrow::utf8()),
                       arrow::field("raw_path", arrow::binary())});
    std::vector<std::shared_ptr<arrow::Array>> columns;
    for (arrow::ArrayBuilder* builder : std::initializer_list<arrow::ArrayBuilder*>{
             &paths_, &sizes_, &versions_, &tars_, &offsets_, &hashes_, &reasons_, &details_, &raw_paths_}) {
      columns.push_back(check_arrow(builder->Finish(), "memory"));
    }
    return arrow::Table::Make(schema, columns);
  }

 private:
  arrow::StringBuilder paths_, versions_, tars_, hashes_, reasons_, details_;
  arrow::Int64Builder sizes_, offsets_;
  arrow::BinaryBuilder raw_paths_;  // only where the path is not UTF-8
};

}  // namespace

std::string tar_name(uint64_t bucket, uint32_t piece) {
  return "photos-" + five_digits(bucket) + (piece == 0 ? "" : "-" + five_digits(piece)) + ".tar";
}

std::string encode_packed(std::span<const PackedRow> rows, uint64_t bucket) {
  Columns columns;
  for (const PackedRow& row : rows) columns.add(row, bucket);
  return to_parquet(*columns.table(), {.dictionary_columns = {"tar", "reason"}});
}

std::vector<PackedRow> decode_packed(std::string_view bytes, uint64_t bucket, const std::string& object) {
  const auto table = from_parquet(bytes, object);
  const auto texts = [&](const char* name) {
    return std::static_pointer_cast<arrow::StringArray>(column(*table, name, arrow::Type::STRING, object));
  };
  const auto integers = [&](const char* name) {
    return std::static_pointer_cast<arrow::Int64Array>(column(*table, name, arrow::Type::INT64, object));
  };
  const auto paths = texts("path");
  const auto versions = texts("version");
  const auto tars = texts("tar");
  const auto hashes = texts("sha256");
  const auto reasons = texts("reason");
  const auto details = texts("detail");
  const auto sizes = integers("size");
  const auto offsets = integers("offset");
  const auto raw =
      std::static_pointer_cast<arrow::BinaryArray>(column(*table, "raw_path", arrow::Type::BINARY, object));
  const auto text = [](const auto& array, int64_t row) {
    return array->IsNull(row) ? std::string() : array->GetString(row);
  };
  std::vector<PackedRow> rows;
  rows.reserve(static_cast<size_t>(table->num_rows()));
  for (int64_t row = 0; row < table->num_rows(); ++row) {
    const bool packed = reasons->IsNull(row);
    rows.push_back({raw->IsNull(row) ? paths->GetString(row) : raw->GetString(row),
                    static_cast<uint64_t>(sizes->Value(row)), text(versions, row),
                    packed ? piece_of(text(tars, row), bucket, object) : 0,
                    packed && !offsets->IsNull(row) ? static_cast<uint64_t>(offsets->Value(row)) : 0,
                    text(hashes, row), text(reasons, row), text(details, row)});
  }
  return rows;
}

}  // namespace pomona
