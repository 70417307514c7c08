// The whole classifier: trained from stored features, frozen into a bundle, and asked for answers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "classify/decision.h"
#include "classify/lookalikes.h"
#include "classify/neighbours.h"
#include "classify/novelty.h"
#include "classify/rows.h"
#include "classify/select.h"
#include "classify/softmax.h"
#include "stats/pca.h"
#include "stats/scaler.h"

namespace pomona {

// What a bundle keeps, beside scaler and PCA.
struct Classifier {
  SoftmaxModel softmax;                      // without weights where there are neighbours
  std::optional<NeighbourModel> neighbours;  // give the logits instead, where they are chosen
  double residual_weight = 1;  // of the PCA's residual against the logits: novelty.h, vim_weight
  Thresholds thresholds;
};

struct ClassifierOptions {
  ClassifierKind kind = ClassifierKind::softmax;
  SelectionOptions selection;
  LookalikeOptions lookalikes;
  double false_rejection = 0.05;
};

// What was seen on held-back photos on the way.
struct TrainingReport {
  std::vector<Candidate> tried;
  Candidate chosen;
  uint64_t held_back = 0;          // photos judged by models that had not learnt from them
  uint64_t groups = 0;             // that these photos make
  bool groups_were_given = false;  // else photos that look alike were kept together
  double uncertain = 0;            // of the held-back photos, the share below the probability threshold
  double not_a_fruit = 0;          // ... above the novelty threshold
  // Of the held-back photos, in the order of `rows`:
  std::vector<size_t> rows;         // which they are
  std::vector<uint32_t> predicted;  // the class that was likeliest
  std::vector<double> probability;  // of that class, calibrated
  std::vector<double> novelty;      // NaN where none could be told
};

struct TrainingData {
  const Rows& features;  // of the photos that `pca` was fitted on
  const Rows& reduced;   // the same photos' reduced vectors
  std::span<const uint32_t> labels;
  size_t classes;
  std::span<const uint64_t> keys;    // hashes of the photos' paths
  std::span<const uint64_t> groups;  // hashes of what each photo is a view of; empty where nobody knows
  const StandardScaler* scaler;      // as in Projection
  const Pca& pca;
  std::span<const uint32_t> views = {};  // 0: a photo; else a further view of one (select_strength)
};

// Chooses the strength (or the number of neighbours) by cross-validation, trains on all, calibrates, and sets
// the thresholds on held-back photos. The same bits for any number of threads. Memory: about
// selection.max_rows reduced vectors, and blocks of `features`. Throws what select_strength, train_softmax
// and held_back_residuals throw.
Classifier fit_classifier(const TrainingData& data, const ClassifierOptions& options,
                          TrainingReport* report = nullptr);

// A classifier made ready to answer. One photo alone or many: the same bits.
class AnswerMachine {
 public:
  AnswerMachine(const StandardScaler* scaler, const Pca& pca, const Classifier& classifier);

  size_t classes() const {
    return std::visit([](const auto& scorer) { return scorer.classes(); }, scorer_);
  }

  // n feature vectors and their n reduced vectors -> n answers, and n x classes probabilities where room is
  // given.
  std::vector<Answer> answer(std::span<const float> features, std::span<const float> reduced, size_t top = 3,
                             std::span<double> probabilities = {}) const;

 private:
  using Scorer = std::variant<SoftmaxClassifier, NeighbourClassifier>;
  static Scorer scorer_of(const Classifier& classifier);

  ResidualNovelty residual_;
  Scorer scorer_;
  double temperature_;
  double residual_weight_;
  Thresholds thresholds_;
};

}  // namespace pomona
