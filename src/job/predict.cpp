#include "base/hash.h"
#include "base/threads.h"
#include "bundle/feature_answers.h"
#include "job/dataset.h"
#include "job/fit.h"
#include "job/stopped.h"
#include "job/train.h"
#include "table/predictions.h"

namespace pomona {

PartRecord predict_shard(Storage& dataset, const ShardRecord& record, const Bundle& bundle,
                         const FeatureAnswers& answers) {
  const FeatureTable table = read_features(dataset, record);
  std::vector<PredictionRow> predictions;
  predictions.reserve(table.rows.size());
  size_t row = 0;
  for (const Answer& answer : answers.answer(table.features, 1)) {
    const Ranked& best = answer.ranking.front();
    predictions.push_back({table.rows[row].path, table.rows[row].label, bundle.classes[best.label],
                           best.probability, answer.novelty});
    ++row;
  }
  const std::string bytes = encode_predictions(predictions);
  dataset.write(dataset::predictions_part(record.shard), bytes);
  return {bytes.size(), sha256_hex(std::string_view(bytes))};
}

std::vector<PartRecord> predict(Storage& dataset, const std::vector<ShardRecord>& records,
                                const Bundle& bundle, size_t threads, Console& console,
                                const std::stop_token& stop) {
  uint64_t rows = 0;
  for (const ShardRecord& record : records) rows += record.rows;
  Progress progress(console, "predict", rows);
  const FeatureAnswers answers(bundle);
  std::vector<PartRecord> parts(records.size());
  parallel_for(
      threads, records.size(),
      [&](size_t shard, size_t) {
        parts[shard] = predict_shard(dataset, records[shard], bundle, answers);
        progress.advance(records[shard].rows, 0);
      },
      stop);
  throw_if_stopped(stop, "predict", dataset, "before all photos were answered");
  progress.finish();
  return parts;
}

}  // namespace pomona
