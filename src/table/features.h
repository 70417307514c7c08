// features/part-NNNNN.parquet: path, label, width, height, bytes, sha256, features list<float>.
// reduced/part-NNNNN.parquet: path, label, reduced list<float>.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pomona {

struct PhotoRow {
  std::string path;   // relative to the source, as text
  std::string label;  // empty: none, null in the table
  int32_t width = 0;  // as displayed
  int32_t height = 0;
  int64_t bytes = 0;   // of the file
  std::string sha256;  // of the file
};

struct FeatureTable {
  std::vector<PhotoRow> rows;
  std::vector<float> features;  // rows.size() * dimension
  size_t dimension = 0;
};

struct ReducedTable {
  std::vector<std::string> paths;
  std::vector<std::string> labels;
  std::vector<float> reduced;  // paths.size() * k
  size_t k = 0;
};

// `features` holds rows.size() vectors of `dimension` numbers.
std::string encode_features(std::span<const PhotoRow> rows, std::span<const float> features,
                            size_t dimension);
// The same in place of what `bytes` held, and in its memory where that is enough.
void encode_features(std::span<const PhotoRow> rows, std::span<const float> features, size_t dimension,
                     std::string& bytes);
// Throws Error(corrupt) naming `object` where the bytes are no such table.
FeatureTable decode_features(std::string_view bytes, const std::string& object);

// The columns path and label alone.
struct LabelTable {
  std::vector<std::string> paths;
  std::vector<std::string> labels;  // empty: none
};
LabelTable decode_labels(std::string_view bytes, const std::string& object);

std::string encode_reduced(std::span<const PhotoRow> rows, std::span<const float> reduced, size_t k);
ReducedTable decode_reduced(std::string_view bytes, const std::string& object);

}  // namespace pomona
