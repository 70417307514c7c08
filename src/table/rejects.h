// rejects/part-NNNNN.parquet: path, label, stage, reason, detail.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace pomona {

struct RejectRow {
  std::string path;
  std::string label;  // empty: none
  std::string stage;
  std::string reason;
  std::string detail;
};

std::string encode_rejects(std::span<const RejectRow> rows);
std::vector<RejectRow> decode_rejects(std::string_view bytes, const std::string& object);

}  // namespace pomona
