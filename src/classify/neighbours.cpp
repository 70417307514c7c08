#include "classify/neighbours.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/text.h"

namespace pomona {
namespace {

// docs/decisions/classifier.md has the figures for these two.
constexpr double kSharpness = 20;  // 1 / 0.05
constexpr double kUnseen = 0.1;    // neighbours that a class has beside those found

const std::vector<float>& checked_rows(const NeighbourModel& model) {
  const bool fits = model.dimension > 0 && model.classes > 0 && model.neighbours > 0 &&
                    model.rows.size() == model.labels.size() * model.dimension &&
                    std::ranges::all_of(model.labels, [&](uint32_t label) { return label < model.classes; });
  if (!fits) {
    throw Error(ErrorCode::corrupt, "classifier", "", "its photos do not fit its dimension and classes",
                "train it again");
  }
  return model.rows;
}

std::vector<size_t> in_order_of_keys(std::span<const uint64_t> keys, std::span<const uint32_t> views) {
  std::vector<size_t> order(keys.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {},
                           [&](size_t row) { return std::pair(keys[row], views.empty() ? 0U : views[row]); });
  return order;
}

}  // namespace

NeighbourModel keep_neighbours(const Rows& rows, std::span<const uint32_t> labels, size_t classes,
                               std::span<const uint64_t> keys, std::span<const uint32_t> views, size_t k,
                               size_t max_rows) {
  if (rows.count() == 0)
    throw Error(ErrorCode::no_data, "train", "", "there are no labelled photos to learn from");
  if (labels.size() != rows.count() || keys.size() != rows.count() ||
      *std::ranges::max_element(labels) >= classes) {
    throw Error(ErrorCode::mismatch, "train", "",
                with_commas(labels.size()) + " labels do not fit " + with_commas(rows.count()) +
                    " photos of " + with_commas(classes) + " classes");
  }
  auto order = in_order_of_keys(keys, views);
  order.resize(std::min(order.size(), max_rows));
  NeighbourModel model{rows.dimension(), classes, std::min(k, order.size()), {}, {}};
  model.rows.reserve(order.size() * rows.dimension());
  std::vector<float> buffer;
  for (const size_t row : order) {
    const auto vector = rows.read(row, 1, buffer);
    model.rows.insert(model.rows.end(), vector.begin(), vector.end());
    model.labels.push_back(labels[row]);
  }
  return model;
}

void neighbour_logits(std::span<const Neighbour> nearest, std::span<const uint32_t> labels, size_t k,
                      std::span<float> logits) {
  const auto counted = nearest.first(std::min(k, nearest.size()));
  const auto closeness = [](const Neighbour& neighbour) {
    return std::exp(kSharpness * static_cast<double>(neighbour.cosine));
  };
  std::vector<double> sums(logits.size(), kUnseen * closeness(counted.back()));
  for (const Neighbour& neighbour : counted) sums[labels[neighbour.row]] += closeness(neighbour);
  std::ranges::transform(sums, logits.begin(), [](double sum) { return static_cast<float>(std::log(sum)); });
}

NeighbourClassifier::NeighbourClassifier(const NeighbourModel& model)
    : nearest_(checked_rows(model), model.dimension),
      labels_(model.labels),
      classes_(model.classes),
      k_(model.neighbours) {}

void NeighbourClassifier::logits(std::span<const float> rows, std::span<float> out) const {
  size_t row = 0;
  for (const auto& neighbours : nearest_.find(rows, k_)) {
    neighbour_logits(neighbours, labels_, k_, out.subspan(classes() * row++, classes()));
  }
}

}  // namespace pomona
