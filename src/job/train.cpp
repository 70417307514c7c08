#include "job/train.h"

#include <algorithm>
#include <cmath>

#include "bundle/feature_answers.h"
#include "classify/metrics.h"
#include "job/training_set.h"

namespace pomona {
namespace {

CrossValidation figures_of(const TrainingReport& report, bool named_groups) {
  CrossValidation figures;
  figures.photos = report.held_back;
  figures.groups = report.groups;
  figures.named_groups = named_groups;
  figures.strength = report.chosen.strength;
  figures.neighbours = report.chosen.neighbours;
  figures.accuracy = report.chosen.accuracy;
  figures.log_loss = report.chosen.log_loss;
  figures.false_rejection = report.not_a_fruit;
  figures.uncertain = report.uncertain;
  return figures;
}

// Nothing was learnt from the unknown photos, so the finished model may judge them.
UnknownFigures judge_unknown(const TrainingSet& set, const TrainingReport& report, const Bundle& bundle) {
  const std::vector<Answer> answers = FeatureAnswers(bundle).answer(set.unknown, 1);
  std::vector<double> novelty;
  uint64_t rejected = 0;
  for (const Answer& answer : answers) {
    novelty.push_back(answer.novelty);
    if (answer.verdict == Verdict::not_a_fruit) ++rejected;
  }
  std::vector<double> known;
  std::ranges::copy_if(report.novelty, std::back_inserter(known), [](double s) { return !std::isnan(s); });
  return {answers.size(), auroc(novelty, known),
          static_cast<double>(rejected) / static_cast<double>(answers.size())};
}

}  // namespace

TrainedClassifier train(const Storage& dataset, const std::vector<ShardRecord>& records, const Bundle& bundle,
                        const TrainOptions& options, Console& console) {
  const TrainingSet set = collect_training_set(
      dataset, records, bundle,
      {.unknown = options.unknown, .views = options.views, .threads = options.threads}, console);
  ClassifierOptions training;
  training.kind = options.classifier;
  training.selection.threads = options.threads;
  training.selection.class_weights = options.class_weights;
  // More rows are needed to have as many photos among them.
  if (options.views > 0) training.selection.max_rows = 40'000;
  training.false_rejection = options.false_rejection;
  const TrainingData data{*set.features,         *set.reduced, set.labels,
                          bundle.classes.size(), set.keys,     set.groups,
                          &bundle.scaler,        bundle.pca,   set.views};
  TrainingReport report;
  TrainedClassifier result{fit_classifier(data, training, &report), options.unknown, {}};
  result.held_back = figures_of(report, set.named_groups);
  if (!set.unknown.empty()) {
    Bundle trained = bundle;
    trained.classifier = result;
    result.held_back.unknown = judge_unknown(set, report, trained);
  }
  return result;
}

}  // namespace pomona
