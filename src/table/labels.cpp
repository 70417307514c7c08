#include "table/labels.h"

#include <arrow/csv/api.h>
#include <arrow/io/file.h>

#include "base/error.h"
#include "base/text.h"
#include "table/parquet.h"

namespace pomona {
namespace {

std::shared_ptr<arrow::Table> read_csv(const std::string& file) {
  const auto opened = arrow::io::ReadableFile::Open(file);
  if (!opened.ok()) {
    throw Error(ErrorCode::not_found, "labels", file, "the file cannot be opened",
                "--labels takes `folder`, `none`, or a CSV file of path,label");
  }
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = false;
  read.column_names = {"path", "label"};
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.column_types = {{"path", arrow::utf8()}, {"label", arrow::utf8()}};
  const auto reader = arrow::csv::TableReader::Make(arrow::io::default_io_context(), *opened, read,
                                                    arrow::csv::ParseOptions::Defaults(), convert);
  const auto table =
      reader.ok() ? (*reader)->Read() : arrow::Result<std::shared_ptr<arrow::Table>>(reader.status());
  if (!table.ok()) {
    throw Error(ErrorCode::usage, "labels", file, table.status().message(),
                "each line must be path,label, with the path relative to the source");
  }
  return *table;
}

}  // namespace

std::unordered_map<std::string, std::string> read_labels_csv(const std::string& file) {
  const auto table = read_csv(file);
  const auto paths =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "path", arrow::Type::STRING, file));
  const auto labels =
      std::static_pointer_cast<arrow::StringArray>(column(*table, "label", arrow::Type::STRING, file));
  std::unordered_map<std::string, std::string> by_path;
  for (int64_t row = 0; row < table->num_rows(); ++row) {
    const std::string path = paths->GetString(row);
    const std::string label = labels->IsNull(row) ? "" : labels->GetString(row);
    if (row == 0 && path == "path" && label == "label") continue;
    const auto [entry, added] = by_path.emplace(path, label);
    if (!added && entry->second != label) {
      throw Error(ErrorCode::usage, "labels", file,
                  "'" + path + "' has two labels: " + entry->second + " and " + label,
                  "keep one line for each photo");
    }
  }
  return by_path;
}

}  // namespace pomona
