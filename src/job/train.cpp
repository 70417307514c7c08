#include "job/train.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "bundle/feature_answers.h"
#include "classify/metrics.h"
#include "job/dataset.h"
#include "job/fit.h"
#include "job/training_set.h"
#include "table/features.h"

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

// The judged photos with their names. A row of the training set is known by its place among the photos whose
// label is a class (TrainingSet).
std::vector<PredictionRow> held_back_rows(const Storage& dataset, const std::vector<ShardRecord>& records,
                                          const Bundle& bundle, const TrainOptions& options,
                                          const TrainingReport& report) {
  std::vector<size_t> order(report.rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return report.rows[i]; });
  std::vector<PredictionRow> judged;
  judged.reserve(order.size());
  size_t number = 0;
  for (const ShardRecord& record : records) {
    if (judged.size() == order.size()) break;
    LabelTable table = decode_labels(read_feature_bytes(dataset, record),
                                     dataset.uri() + "/" + dataset::features_part(record.shard));
    for (size_t row = 0; row < table.paths.size() && judged.size() < order.size(); ++row) {
      const std::string& label = table.labels[row];
      const bool learnt = !label.empty() && (options.unknown.empty() || label != options.unknown) &&
                          std::ranges::binary_search(bundle.classes, label);
      if (!learnt || number++ != report.rows[order[judged.size()]]) continue;
      const size_t i = order[judged.size()];
      judged.push_back({std::move(table.paths[row]), label, bundle.classes[report.predicted[i]],
                        report.probability[i], report.novelty[i]});
    }
  }
  return judged;
}

}  // namespace

TrainResult train(const Storage& dataset, const std::vector<ShardRecord>& records, const Bundle& bundle,
                  const TrainOptions& options, Console& console, const std::stop_token& stop) {
  const TrainingSet set = collect_training_set(
      dataset, records, bundle,
      {.unknown = options.unknown, .views = options.views, .threads = options.threads, .stop = stop},
      console);
  ClassifierOptions training;
  training.kind = options.classifier;
  training.selection.threads = options.threads;
  training.selection.stop = stop;
  training.selection.class_weights = options.class_weights;
  // More rows are needed to have as many photos among them.
  if (options.views > 0) training.selection.max_rows = 40'000;
  training.false_rejection = options.false_rejection;
  const TrainingData data{*set.features,         *set.reduced, set.labels,
                          bundle.classes.size(), set.keys,     set.groups,
                          &bundle.scaler,        bundle.pca,   set.views};
  TrainingReport report;
  TrainedClassifier classifier{fit_classifier(data, training, &report), options.unknown, {}};
  classifier.held_back = figures_of(report, set.named_groups);
  if (!set.unknown.empty()) {
    Bundle trained = bundle;
    trained.classifier = classifier;
    classifier.held_back.unknown = judge_unknown(set, report, trained);
  }
  return {std::move(classifier), held_back_rows(dataset, records, bundle, options, report)};
}

}  // namespace pomona
