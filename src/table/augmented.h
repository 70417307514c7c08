// augmented/part-NNNNN.parquet: path, label, view, features list<float>.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pomona {

struct ViewRow {
  std::string path;  // of the photo
  std::string label;
  int32_t view = 0;  // from 1
};

struct AugmentedTable {
  std::vector<ViewRow> rows;
  std::vector<float> features;  // rows.size() * dimension
  size_t dimension = 0;
};

std::string encode_augmented(std::span<const ViewRow> rows, std::span<const float> features,
                             size_t dimension);
// Throws Error(corrupt) naming `object` where the bytes are no such table.
AugmentedTable decode_augmented(std::string_view bytes, const std::string& object);

}  // namespace pomona
