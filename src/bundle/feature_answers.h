// From features to answers: projection, classifier and novelty; the only way in the code base, for the
// batch's predictions, `classify`, `evaluate` and serving alike.
#pragma once

#include <span>
#include <vector>

#include "bundle/bundle.h"
#include "stats/projection.h"

namespace pomona {

class FeatureAnswers {
 public:
  // Keeps nothing of the bundle. Throws Error: mismatch where it has no classifier.
  explicit FeatureAnswers(const Bundle& bundle);

  size_t dimension() const { return projection_.dimension(); }
  size_t classes() const { return machine_.classes(); }

  // n feature vectors -> n answers, with at most `top` classes ranked in each, and n x classes probabilities
  // where room is given. A photo's answer has the same bits whatever stands beside it.
  std::vector<Answer> answer(std::span<const float> features, size_t top = 3,
                             std::span<double> probabilities = {}) const;

 private:
  Projection projection_;
  AnswerMachine machine_;
};

}  // namespace pomona
