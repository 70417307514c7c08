// What became of the photos of an evaluation, one by one, and the figures that follow.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/reject.h"
#include "job/evaluate.h"

namespace pomona {

struct Judgement {
  // By its label: one of the classes, the unknown one, another, none.
  enum class Kind { known, unknown, other, unlabelled };

  std::string path;
  std::string label;
  Kind kind = Kind::unlabelled;
  std::optional<Reject> reject;  // the rest holds where there is none
  uint32_t label_index = 0;      // of known photos
  uint32_t predicted = 0;
  double probability = 0;        // of the predicted class
  double label_probability = 0;  // of the label, of known photos
  double novelty = 0;
  Verdict verdict = Verdict::known;
};

EvaluationResult summarise(std::span<const Judgement> judgements, const std::vector<std::string>& classes,
                           size_t mistakes);

}  // namespace pomona
