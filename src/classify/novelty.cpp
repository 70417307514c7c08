#include "classify/novelty.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "classify/metrics.h"

namespace pomona {

ResidualNovelty::ResidualNovelty(const StandardScaler* scaler, const Pca& pca)
    : mean_(pca.mean), scale_(pca.dimension, 1.0), lengths_(pca.k(), 1.0) {
  if (scaler != nullptr) {
    for (size_t i = 0; i < pca.dimension; ++i) mean_[i] = scaler->mean[i] + scaler->scale[i] * pca.mean[i];
    scale_ = scaler->scale;
  }
  if (!pca.whiten) return;
  for (size_t c = 0; c < pca.k(); ++c) lengths_[c] = pca.whitening_scale(c) * pca.whitening_scale(c);
}

void ResidualNovelty::score(std::span<const float> features, std::span<const float> reduced,
                            std::span<double> scores) const {
  const size_t d = mean_.size();
  const size_t k = lengths_.size();
  if (features.size() != scores.size() * d || reduced.size() != scores.size() * k) {
    throw Error(ErrorCode::mismatch, "novelty", "",
                "features of " + with_commas(d) + " and reduced vectors of " + with_commas(k) +
                    " numbers do not fit the scores");
  }
  for (size_t r = 0; r < scores.size(); ++r) {
    double whole = 0;
    for (size_t i = 0; i < d; ++i) {
      const double value = (static_cast<double>(features[r * d + i]) - mean_[i]) / scale_[i];
      whole += value * value;
    }
    double explained = 0;
    for (size_t c = 0; c < k; ++c) {
      const auto value = static_cast<double>(reduced[r * k + c]);
      explained += value * value * lengths_[c];
    }
    scores[r] = std::max(whole - explained, 0.0);
  }
}

double vim_weight(std::span<const double> residuals, std::span<const float> logits) {
  const size_t classes = residuals.empty() ? 0 : logits.size() / residuals.size();
  double largest = 0;
  double lengths = 0;
  size_t rows = 0;
  for (size_t r = 0; r < residuals.size(); ++r) {
    if (std::isnan(residuals[r])) continue;
    largest += static_cast<double>(*std::ranges::max_element(logits.subspan(r * classes, classes)));
    lengths += std::sqrt(residuals[r]);
    ++rows;
  }
  if (rows == 0)
    throw Error(ErrorCode::no_data, "novelty", "", "no photos were held back to weigh the residual by");
  // Without a residual (all components kept) or with logits that claim nothing, either part alone decides.
  return lengths > 0 && largest > 0 ? largest / lengths : 1.0;
}

double vim_score(double residual, std::span<const float> logits, double weight) {
  const double largest = static_cast<double>(*std::ranges::max_element(logits));
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
  return weight * std::sqrt(residual) - (largest + std::log(sum));
}

double certified_rejection(double false_rejection, uint64_t groups) {
  constexpr double kOneSided999 = 3.090232306167813;
  const auto n = static_cast<double>(groups);
  double low = 0;
  double high = false_rejection;
  for (int step = 0; step < 50; ++step) {
    const double middle = (low + high) / 2;
    (wilson_bounds(middle, n, kOneSided999).high <= false_rejection ? low : high) = middle;
  }
  return low;
}

double rejection_threshold(std::span<const double> held_back_scores, double false_rejection) {
  std::vector<double> scores;
  std::ranges::copy_if(held_back_scores, std::back_inserter(scores), [](double s) { return !std::isnan(s); });
  if (scores.empty())
    throw Error(ErrorCode::no_data, "novelty", "", "no photos were held back to set a threshold by");
  if (std::isnan(false_rejection) || false_rejection < 0 || false_rejection > 1) {
    throw Error(ErrorCode::usage, "novelty", "", "a false-rejection rate lies between 0 and 1",
                "0.05 is usual");
  }
  std::ranges::sort(scores);
  const double position = (1 - false_rejection) * static_cast<double>(scores.size() - 1);
  const auto below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, scores.size() - 1);
  return scores[below] + (position - static_cast<double>(below)) * (scores[above] - scores[below]);
}

}  // namespace pomona
