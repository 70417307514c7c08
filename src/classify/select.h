// The strength of the penalty, or the number of neighbours, chosen by cross-validation, and what the
// held-back rows tell besides.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classify/folds.h"
#include "classify/rows.h"
#include "classify/train.h"

namespace pomona {

struct SelectionOptions {
  // From strong to weak: each model starts from the one before. The search ends after two that were worse
  // than the best.
  std::vector<double> strengths = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};
  // From few to many: all are tried.
  std::vector<size_t> neighbours = {5, 10, 20, 50, 100};
  // What a candidate must win, as a share of the log-loss, over the one before.
  double worthwhile = 0.01;
  uint32_t folds = 5;
  ClassWeights class_weights = ClassWeights::none;
  size_t threads = 1;
  // More rows are thinned to about this many, by key: the strength does not need them all.
  size_t max_rows = 6'000;
  std::stop_token stop = {};  // as in TrainingOptions
};

struct Candidate {
  double strength = 0;     // of the regression
  size_t neighbours = 0;   // or their number
  double accuracy = 0;     // of held-back rows
  double log_loss = 0;     // of held-back rows, calibrated
  double temperature = 1;  // that calibrates them
};

struct Selection {
  Candidate best;
  std::vector<Candidate> tried;
  // The rows that were held back and judged, and the best candidate's logits for them: models that had not
  // learnt from them gave these.
  std::vector<size_t> rows;
  std::vector<uint32_t> fold;  // ascending: the rows are in the order of their folds
  uint32_t folds = 0;
  uint64_t groups = 0;  // among these rows, of one class each
  std::vector<uint32_t> labels;
  std::vector<float> logits;  // rows.size() x classes
};

// `groups` names what must not be parted (plan_folds); `keys` thins (hashes of the paths). Where no class can
// be held back, because each is one group, every row is taken for a group of its own. Throws what
// train_softmax throws, and Error: no_data where a row is all that there is of every class.
//
// `views`, where given: 0 for a photo; rows of other numbers are further views of photos, which are learnt
// from where their photo is, and never judged.
Selection select_strength(const Rows& rows, std::span<const uint32_t> labels, size_t classes,
                          std::span<const uint64_t> groups, std::span<const uint64_t> keys,
                          const SelectionOptions& options, std::span<const uint32_t> views = {});

// The same for the number of nearest neighbours (neighbours.h).
Selection select_neighbours(const Rows& rows, std::span<const uint32_t> labels, size_t classes,
                            std::span<const uint64_t> groups, std::span<const uint64_t> keys,
                            const SelectionOptions& options, std::span<const uint32_t> views = {});

}  // namespace pomona
