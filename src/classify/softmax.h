// Multinomial logistic regression: the model, and its answers for single rows.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "stats/affine.h"

namespace pomona {

// What training gives and a bundle keeps. The logit of class c is intercepts[c] + weights[c] . x, and the
// probabilities are softmax(logits / temperature).
struct SoftmaxModel {
  size_t dimension = 0;
  size_t classes = 0;
  std::vector<float> weights;     // classes rows of `dimension`
  std::vector<float> intercepts;  // classes
  double temperature = 1;         // from calibration on held-back rows: temperature.h
};

// softmax(logits / temperature), in place of nothing: `probabilities` is as long as `logits`.
void softmax(std::span<const float> logits, double temperature, std::span<double> probabilities);

// The model made ready to answer. A row's logits have the same bits whatever stands beside it.
class SoftmaxClassifier {
 public:
  // Throws Error: corrupt where the model's vectors have the wrong sizes.
  explicit SoftmaxClassifier(const SoftmaxModel& model);

  size_t dimension() const { return affine_.inputs(); }
  size_t classes() const { return affine_.outputs(); }

  // n rows of `dimension` -> n of `classes`.
  void logits(std::span<const float> rows, std::span<float> out) const { affine_.apply(rows, out); }
  void probabilities(std::span<const float> rows, std::span<double> out) const;

 private:
  AffineMap affine_;
  double temperature_;
};

}  // namespace pomona
