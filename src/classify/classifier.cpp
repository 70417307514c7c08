#include "classify/classifier.h"

#include <algorithm>
#include <cmath>

namespace pomona {
namespace {

struct HeldBack {
  std::vector<double> novelty;
  std::vector<uint32_t> predicted;
  std::vector<double> probability;  // of the best class, calibrated
  double residual_weight;
};

// As many components as the whole PCA has, or as the smallest fold leaves photos to fit them on.
size_t held_back_components(const TrainingData& data, const Selection& selection) {
  size_t least = data.labels.size();
  for (uint32_t index = 0; index < selection.folds; ++index) {
    const auto judged = static_cast<size_t>(std::ranges::count(selection.fold, index));
    least = std::min(least, selection.rows.size() - judged);
  }
  return std::min(data.pca.k(), std::max<size_t>(least, 2) - 1);
}

HeldBack judge_held_back(const TrainingData& data, const Selection& selection, size_t threads) {
  const auto residuals =
      held_back_residuals(SelectedRows(data.features, selection.rows), selection.fold, selection.folds,
                          held_back_components(data, selection), data.scaler != nullptr, threads);
  HeldBack held_back{{}, {}, {}, vim_weight(residuals, selection.logits)};
  std::vector<double> probabilities(data.classes);
  for (size_t r = 0; r < residuals.size(); ++r) {
    const auto logits = std::span(selection.logits).subspan(r * data.classes, data.classes);
    held_back.novelty.push_back(vim_score(residuals[r], logits, held_back.residual_weight));
    softmax(logits, selection.best.temperature, probabilities);
    const auto best = std::ranges::max_element(probabilities);
    held_back.predicted.push_back(static_cast<uint32_t>(best - probabilities.begin()));
    held_back.probability.push_back(*best);
  }
  return held_back;
}

// From all rows, with what cross-validation chose.
Classifier learn(const TrainingData& data, const ClassifierOptions& options, const Candidate& best) {
  Classifier classifier;
  if (options.kind == ClassifierKind::knn) {
    classifier.softmax = {data.reduced.dimension(), data.classes, {}, {}, best.temperature};
    classifier.neighbours =
        keep_neighbours(data.reduced, data.labels, data.classes, data.keys, data.views, best.neighbours);
    return classifier;
  }
  TrainingOptions training;
  training.strength = best.strength;
  training.class_weights = options.selection.class_weights;
  training.stop = options.selection.stop;
  training.threads = options.selection.threads;
  classifier.softmax = train_softmax(data.reduced, data.labels, data.classes, training);
  classifier.softmax.temperature = best.temperature;
  return classifier;
}

template <typename Condition>
double share_of(const std::vector<double>& values, const Condition& condition) {
  return static_cast<double>(std::ranges::count_if(values, condition)) / static_cast<double>(values.size());
}

}  // namespace

Classifier fit_classifier(const TrainingData& data, const ClassifierOptions& options,
                          TrainingReport* report) {
  const bool given = !data.groups.empty();
  const auto groups = given ? std::vector<uint64_t>(data.groups.begin(), data.groups.end())
                            : lookalike_groups(data.reduced, data.labels, data.keys, options.lookalikes);
  const auto select = options.kind == ClassifierKind::knn ? select_neighbours : select_strength;
  const Selection selection =
      select(data.reduced, data.labels, data.classes, groups, data.keys, options.selection, data.views);
  Classifier classifier = learn(data, options, selection.best);
  const HeldBack held_back = judge_held_back(data, selection, options.selection.threads);
  classifier.residual_weight = held_back.residual_weight;
  Thresholds& thresholds = classifier.thresholds;
  thresholds.false_rejection = options.false_rejection;
  thresholds.novelty =
      rejection_threshold(held_back.novelty, certified_rejection(options.false_rejection, selection.groups));
  thresholds.probability = probability_threshold(held_back.probability, options.false_rejection);
  if (report != nullptr) {
    *report = {.tried = selection.tried,
               .chosen = selection.best,
               .held_back = selection.rows.size(),
               .groups = selection.groups,
               .groups_were_given = given,
               .rows = selection.rows,
               .predicted = held_back.predicted,
               .probability = held_back.probability,
               .novelty = held_back.novelty};
    report->uncertain = share_of(held_back.probability, [&](double p) { return p < thresholds.probability; });
    report->not_a_fruit =
        share_of(held_back.novelty, [&](double score) { return score > thresholds.novelty; });
  }
  return classifier;
}

AnswerMachine::Scorer AnswerMachine::scorer_of(const Classifier& classifier) {
  if (classifier.neighbours) return NeighbourClassifier(*classifier.neighbours);
  return SoftmaxClassifier(classifier.softmax);
}

AnswerMachine::AnswerMachine(const StandardScaler* scaler, const Pca& pca, const Classifier& classifier)
    : residual_(scaler, pca),
      scorer_(scorer_of(classifier)),
      temperature_(classifier.softmax.temperature),
      residual_weight_(classifier.residual_weight),
      thresholds_(classifier.thresholds) {}

std::vector<Answer> AnswerMachine::answer(std::span<const float> features, std::span<const float> reduced,
                                          size_t top, std::span<double> probabilities) const {
  const size_t n =
      std::visit([&](const auto& scorer) { return reduced.size() / scorer.dimension(); }, scorer_);
  std::vector<float> logits(n * classes());
  std::vector<double> residuals(n);
  std::visit([&](const auto& scorer) { scorer.logits(reduced, logits); }, scorer_);
  residual_.score(features, reduced, residuals);
  std::vector<double> room(classes());
  std::vector<Answer> answers;
  answers.reserve(n);
  for (size_t r = 0; r < n; ++r) {
    const auto row = std::span<const float>(logits).subspan(r * classes(), classes());
    const auto shares =
        probabilities.empty() ? std::span(room) : probabilities.subspan(r * classes(), classes());
    softmax(row, temperature_, shares);
    answers.push_back(decide(shares, vim_score(residuals[r], row, residual_weight_), thresholds_, top));
  }
  return answers;
}

}  // namespace pomona
