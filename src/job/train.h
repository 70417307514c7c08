// The train stage: a classifier from stored features, and the finished model's answers for every photo.
#pragma once

#include <stop_token>
#include <vector>

#include "base/progress.h"
#include "bundle/bundle.h"
#include "bundle/feature_answers.h"
#include "job/record.h"
#include "storage/storage.h"
#include "table/predictions.h"

namespace pomona {

struct TrainOptions {
  std::string unknown;            // label of photos that nothing is learnt from
  double false_rejection = 0.05;  // share of known photos that thresholds may turn away
  ClassWeights class_weights = ClassWeights::balanced;
  ClassifierKind classifier = ClassifierKind::softmax;
  uint64_t views = 0;  // further views of each photo that the dataset holds: augment.h
  size_t threads = 1;
};

struct TrainResult {
  TrainedClassifier classifier;
  // What cross-validation answered for each photo that it judged, in order of shards and rows; a novelty that
  // could not be told is NaN.
  std::vector<PredictionRow> held_back;
};

// Throws Error: no_data where there are fewer than two classes, or no class has two photos; corrupt for a
// part that is not what its record says; interrupted where `stop` was asked for.
TrainResult train(const Storage& dataset, const std::vector<ShardRecord>& records, const Bundle& bundle,
                  const TrainOptions& options, Console& console, const std::stop_token& stop = {});

// Writes predictions/part-* for every shard, and returns what was written, in order of the shards.
std::vector<PartRecord> predict(Storage& dataset, const std::vector<ShardRecord>& records,
                                const Bundle& bundle, size_t threads, Console& console,
                                const std::stop_token& stop = {});

// The same for one shard; `answers` are those of the bundle.
PartRecord predict_shard(Storage& dataset, const ShardRecord& record, const Bundle& bundle,
                         const FeatureAnswers& answers);

}  // namespace pomona
