#include "classify/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace pomona {
namespace {

void check(size_t rows, size_t others) {
  if (rows == 0) throw Error(ErrorCode::no_data, "evaluate", "", "there are no labelled photos to judge by");
  if (rows != others)
    throw Error(ErrorCode::mismatch, "evaluate", "", "there are not as many answers as labels");
}

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

}  // namespace

Evaluation evaluate(std::span<const uint32_t> labels, std::span<const uint32_t> predictions, size_t classes) {
  check(labels.size(), predictions.size());
  Evaluation result;
  result.rows = labels.size();
  result.confusion.resize(classes * classes);
  for (size_t r = 0; r < labels.size(); ++r) {
    if (labels[r] >= classes || predictions[r] >= classes) {
      throw Error(ErrorCode::mismatch, "evaluate", "", "a label or an answer is none of the classes");
    }
    ++result.confusion[labels[r] * classes + predictions[r]];
  }
  uint64_t right = 0;
  size_t occurring = 0;
  for (size_t c = 0; c < classes; ++c) {
    uint64_t predicted = 0;
    ClassFigures figures;
    for (size_t other = 0; other < classes; ++other) {
      figures.support += result.confusion[c * classes + other];
      predicted += result.confusion[other * classes + c];
    }
    const uint64_t hits = result.confusion[c * classes + c];
    right += hits;
    figures.precision = ratio(static_cast<double>(hits), static_cast<double>(predicted));
    figures.recall = ratio(static_cast<double>(hits), static_cast<double>(figures.support));
    figures.f1 = ratio(2 * static_cast<double>(hits), static_cast<double>(figures.support + predicted));
    if (figures.support + predicted > 0) ++occurring;
    result.macro_f1 += figures.f1;
    result.per_class.push_back(figures);
  }
  result.macro_f1 /= static_cast<double>(occurring);
  result.accuracy = static_cast<double>(right) / static_cast<double>(result.rows);
  return result;
}

Interval wilson_bounds(double share, double trials, double z) {
  const double centre = share + z * z / (2 * trials);
  const double spread = z * std::sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials));
  const double scale = 1 + z * z / trials;
  return {std::max(0.0, (centre - spread) / scale), std::min(1.0, (centre + spread) / scale)};
}

Interval wilson_interval(uint64_t successes, uint64_t trials, double z) {
  if (trials == 0) return {0, 1};
  const auto n = static_cast<double>(trials);
  return wilson_bounds(static_cast<double>(successes) / n, n, z);
}

double log_loss(std::span<const double> probabilities, std::span<const uint32_t> labels) {
  check(labels.size(), labels.size());
  const size_t classes = probabilities.size() / labels.size();
  double sum = 0;
  for (size_t r = 0; r < labels.size(); ++r) {
    const double p = probabilities[r * classes + labels[r]];
    sum -= std::log(std::max(p, std::numeric_limits<double>::epsilon()));
  }
  return sum / static_cast<double>(labels.size());
}

Reliability calibration(std::span<const double> probabilities, std::span<const uint32_t> labels,
                        size_t bins) {
  check(labels.size(), labels.size());
  const size_t classes = probabilities.size() / labels.size();
  Reliability result;
  result.bins.resize(bins);
  for (size_t r = 0; r < labels.size(); ++r) {
    const auto row = probabilities.subspan(r * classes, classes);
    const auto largest = std::ranges::max_element(row);
    const double position = std::ceil(*largest * static_cast<double>(bins)) - 1;
    ReliabilityBin& bin =
        result.bins[static_cast<size_t>(std::clamp(position, 0.0, static_cast<double>(bins - 1)))];
    ++bin.rows;
    bin.confidence += *largest;
    bin.accuracy += largest - row.begin() == static_cast<std::ptrdiff_t>(labels[r]) ? 1 : 0;
  }
  for (ReliabilityBin& bin : result.bins) {
    result.ece += std::abs(bin.accuracy - bin.confidence) / static_cast<double>(labels.size());
    bin.confidence = ratio(bin.confidence, static_cast<double>(bin.rows));
    bin.accuracy = ratio(bin.accuracy, static_cast<double>(bin.rows));
  }
  return result;
}

double auroc(std::span<const double> positives, std::span<const double> negatives) {
  if (positives.empty() || negatives.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> below(negatives.begin(), negatives.end());
  std::ranges::sort(below);
  double wins = 0;
  for (const double score : positives) {
    const auto [first, last] = std::ranges::equal_range(below, score);
    wins += static_cast<double>(first - below.begin()) + 0.5 * static_cast<double>(last - first);
  }
  return wins / (static_cast<double>(positives.size()) * static_cast<double>(negatives.size()));
}

}  // namespace pomona
