// From probabilities and novelty to an answer that says what it does not know.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pomona {

enum class Verdict {
  known,        // the label is probably right
  uncertain,    // one of the classes perhaps, or a kind that was never learnt
  not_a_fruit,  // unlike everything that was learnt from
};
// "known", "uncertain" or "not-a-fruit".
const char* name(Verdict verdict);

// Where known ends: set on held-back photos for a stated rate of false rejections (rejection_threshold).
struct Thresholds {
  double novelty = 0;      // a larger score is not a fruit
  double probability = 0;  // a smaller probability of the best class is uncertain
  double false_rejection = 0.05;
};

// The probability that `false_rejection` of the held-back photos stay below.
double probability_threshold(std::span<const double> held_back_probabilities, double false_rejection);

struct Ranked {
  uint32_t label;
  double probability;
};

struct Answer {
  std::vector<Ranked> ranking;  // the likeliest classes, best first; ties by class
  Verdict verdict;
  double novelty;
  std::string reason;  // one sentence
};

// `probabilities` of all classes, at most `top` of which are ranked (at least one).
Answer decide(std::span<const double> probabilities, double novelty, const Thresholds& thresholds,
              size_t top = 3);

}  // namespace pomona
