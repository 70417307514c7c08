// Training of multinomial logistic regression.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

#include "classify/rows.h"
#include "classify/softmax.h"

namespace pomona {

enum class ClassifierKind {
  softmax,  // multinomial logistic regression
  knn,      // the k nearest neighbours by cosine: neighbours.h
};

enum class ClassWeights {
  none,      // every row counts the same
  balanced,  // every class counts the same: a row has weight n / (classes * rows of its class)
};

struct TrainingOptions {
  double strength = 1;  // scikit-learn's C: the larger, the closer to the data and the weaker the L2 penalty
  ClassWeights class_weights = ClassWeights::none;
  size_t threads = 1;
  size_t max_iterations = 1000;
  double gradient_tolerance = 1e-5;  // of the mean loss, by weight or intercept; scikit-learn stops at 1e-4
  std::stop_token stop = {};
};

// Minimises scikit-learn's objective, C * sum of the rows' weighted log-losses + |weights|^2 / 2, the
// intercepts not penalised, by L-BFGS from `start` (or from 0). labels[r] < classes. The rows are read once
// an evaluation, in blocks. The same bits for any number of threads. Throws Error: mismatch for labels that
// do not fit, no_data where there are no rows, usage for a strength that is not positive, interrupted where
// `stop` was asked for.
SoftmaxModel train_softmax(const Rows& rows, std::span<const uint32_t> labels, size_t classes,
                           const TrainingOptions& options, const SoftmaxModel* start = nullptr);

}  // namespace pomona
