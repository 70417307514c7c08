// predictions/part-NNNNN.parquet: path, label, predicted, probability, novelty.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace pomona {

struct PredictionRow {
  std::string path;
  std::string label;      // empty: none, null in the table
  std::string predicted;  // the likeliest class
  double probability = 0;
  double novelty = 0;
};

std::string encode_predictions(std::span<const PredictionRow> rows);
// Throws Error(corrupt) naming `object` where the bytes are no such table.
std::vector<PredictionRow> decode_predictions(std::string_view bytes, const std::string& object);

}  // namespace pomona
