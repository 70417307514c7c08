// How good answers are: the usual figures, as scikit-learn computes them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pomona {

struct ClassFigures {
  double precision = 0;  // 0 where nothing was predicted, as scikit-learn's zero_division=0
  double recall = 0;
  double f1 = 0;
  uint64_t support = 0;  // rows of the class
};

struct Evaluation {
  uint64_t rows = 0;
  double accuracy = 0;
  double macro_f1 = 0;  // mean over the classes that occur among labels or predictions
  std::vector<ClassFigures> per_class;
  std::vector<uint64_t> confusion;  // classes x classes: rows are labels, columns predictions
};

// Throws Error: mismatch for numbers that do not fit, no_data where there are no rows.
Evaluation evaluate(std::span<const uint32_t> labels, std::span<const uint32_t> predictions, size_t classes);

struct Interval {
  double low;
  double high;
};
// Wilson's score interval for a share, or for `successes`, in a number of trials; z = 1.96 for 95 %. [0, 1]
// where there are no trials.
Interval wilson_bounds(double share, double trials, double z);
Interval wilson_interval(uint64_t successes, uint64_t trials, double z = 1.959963984540054);

// Mean of -log(probability of the label), probabilities kept above the smallest float64 step. n x classes.
double log_loss(std::span<const double> probabilities, std::span<const uint32_t> labels);

struct ReliabilityBin {
  uint64_t rows = 0;
  double confidence = 0;  // mean of the largest probabilities
  double accuracy = 0;
};
struct Reliability {
  double ece = 0;  // expected calibration error: mean of |accuracy - confidence| over the rows' bins
  std::vector<ReliabilityBin> bins;
};
// Bins of equal width over the largest probability: bin b holds (b / bins, (b + 1) / bins].
Reliability calibration(std::span<const double> probabilities, std::span<const uint32_t> labels,
                        size_t bins = 15);

// Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. Not a
// number where one of the two is missing.
double auroc(std::span<const double> positives, std::span<const double> negatives);

}  // namespace pomona
