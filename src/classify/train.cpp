#include "classify/train.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "classify/lbfgs.h"
#include "classify/softmax_objective.h"

namespace pomona {
namespace {

void check(const Rows& rows, std::span<const uint32_t> labels, size_t classes,
           const TrainingOptions& options) {
  if (rows.count() == 0 || classes == 0) {
    throw Error(ErrorCode::no_data, "train", "", "there are no labelled photos to learn from",
                "give photos in one folder a class, or --labels FILE");
  }
  if (labels.size() != rows.count() || *std::ranges::max_element(labels) >= classes) {
    throw Error(ErrorCode::mismatch, "train", "",
                with_commas(labels.size()) + " labels do not fit " + with_commas(rows.count()) +
                    " photos of " + with_commas(classes) + " classes");
  }
  if (!(options.strength > 0)) {
    throw Error(ErrorCode::usage, "train", "",
                "strength " + std::to_string(options.strength) + " is not positive");
  }
}

std::vector<double> class_weights(std::span<const uint32_t> labels, size_t classes, ClassWeights kind) {
  std::vector<double> weights(classes, 1.0);
  if (kind == ClassWeights::none) return weights;
  std::vector<double> counts(classes);
  for (const uint32_t label : labels) ++counts[label];
  for (size_t c = 0; c < classes; ++c) {
    const double share = static_cast<double>(classes) * counts[c];
    weights[c] = counts[c] == 0 ? 1.0 : static_cast<double>(labels.size()) / share;
  }
  return weights;
}

// What float32 mostly reaches.
constexpr double kFloatTolerance = 1e-5;

// Moves the parameters down.
template <typename T>
LbfgsResult descend(const Rows& rows, std::span<const uint32_t> labels, const std::vector<double>& weights,
                    const TrainingOptions& options, double tolerance, size_t iterations,
                    std::vector<double>& parameters) {
  double weight_sum = 0;
  for (const uint32_t label : labels) weight_sum += weights[label];
  SoftmaxObjective<T> objective(rows, labels, weights,
                                {weights.size(), 1 / (options.strength * weight_sum), options.threads});
  const auto evaluate = [&](auto x, auto gradient) {
    if (options.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "train", "", "stopped before the classifier was trained",
                  "give the same command again");
    }
    return objective(x, gradient);
  };
  return minimise(evaluate, parameters, {.max_iterations = iterations, .gradient_tolerance = tolerance});
}

}  // namespace

SoftmaxModel train_softmax(const Rows& rows, std::span<const uint32_t> labels, size_t classes,
                           const TrainingOptions& options, const SoftmaxModel* start) {
  check(rows, labels, classes, options);
  const auto weights = class_weights(labels, classes, options.class_weights);
  std::vector<double> parameters(classes * (rows.dimension() + 1));
  const auto split = static_cast<std::ptrdiff_t>(classes * rows.dimension());
  if (start != nullptr) {
    std::ranges::copy(start->weights, parameters.begin());
    std::ranges::copy(start->intercepts, parameters.begin() + split);
  }
  // First in float32; what it does not reach, or if more is wanted, the little that is left, in float64.
  const double tolerance = options.gradient_tolerance;
  const LbfgsResult coarse =
      descend<float>(rows, labels, weights, options, std::max(tolerance, kFloatTolerance),
                     options.max_iterations, parameters);
  const bool is_there = coarse.converged && tolerance >= kFloatTolerance;
  if (!is_there && coarse.iterations < options.max_iterations) {
    descend<double>(rows, labels, weights, options, tolerance, options.max_iterations - coarse.iterations,
                    parameters);
  }
  SoftmaxModel model{rows.dimension(), classes, {}, {}, 1};
  model.weights.assign(parameters.begin(), parameters.begin() + split);
  model.intercepts.assign(parameters.begin() + split, parameters.end());
  return model;
}

}  // namespace pomona
