// The classifier's part of a bundle: what answers, and how good it was on photos that it had not seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "bundle/safetensors.h"
#include "classify/classifier.h"

namespace pomona {

// Of the block and tensors of a regression, and of neighbours, which programs that read version 1 alone do
// not know.
inline constexpr int kClassifierVersion = 1;
inline constexpr int kNeighboursVersion = 2;

// Of photos of the unknown class, which nothing was learnt from.
struct UnknownFigures {
  uint64_t photos = 0;
  double auroc = 0;           // their novelty against that of the held-back known photos
  double true_rejection = 0;  // the share of them that is answered `not-a-fruit`
};

// Of cross-validation: each photo judged by models that had learnt neither from it nor from its group.
struct CrossValidation {
  uint64_t photos = 0;
  uint64_t groups = 0;        // that these photos make
  bool named_groups = false;  // all from file names; else at least some by likeness
  double strength = 0;        // chosen: scikit-learn's C
  uint64_t neighbours = 0;    // ... or the number of neighbours
  double accuracy = 0;
  double log_loss = 0;         // calibrated
  double false_rejection = 0;  // the share that is answered `not-a-fruit`
  double uncertain = 0;        // the share whose probability is below the threshold
  std::optional<UnknownFigures> unknown;
};

struct TrainedClassifier {
  Classifier model;
  std::string unknown;  // label of photos that show none of the classes, such as "not-fruit"
  CrossValidation held_back;
};

// The block "classifier" of bundle.json.
nlohmann::json describe(const TrainedClassifier& classifier);
nlohmann::json describe(const CrossValidation& figures);

// classifier.weights [classes, k], classifier.intercepts [classes], or else classifier.rows [n, k],
// classifier.labels [n], classifier.neighbours [1]; temperature, residual_weight, novelty_threshold,
// probability_threshold, false_rejection [1].
void add_tensors(const Classifier& classifier, Tensors& tensors);

// Untrusted: every shape is checked against `classes` and `components`, every number must be finite and in
// its range. Throws Error: corrupt naming `object`, mismatch for a version that this program does not know;
// Json::exception where the block lacks something.
TrainedClassifier read_classifier(const nlohmann::json& block, const Tensors& tensors, size_t classes,
                                  size_t components, const std::string& object);

}  // namespace pomona
