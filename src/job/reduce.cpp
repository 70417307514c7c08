#include "job/reduce.h"

#include "base/hash.h"
#include "base/threads.h"
#include "job/dataset.h"
#include "job/fit.h"
#include "job/stopped.h"

namespace pomona {

PartRecord reduce_shard(Storage& dataset, const ShardRecord& record, const Projection& projection,
                        LabelCounts& labels) {
  const FeatureTable table = read_features(dataset, record);
  std::vector<float> reduced(table.rows.size() * projection.k());
  projection.apply(table.features, reduced);
  const std::string bytes = encode_reduced(table.rows, reduced, projection.k());
  dataset.write(dataset::reduced_part(record.shard), bytes);
  labels.add(table.rows);
  return {bytes.size(), sha256_hex(std::string_view(bytes))};
}

ReduceResult reduce(Storage& dataset, const std::vector<ShardRecord>& records, const Projection& projection,
                    size_t threads, Console& console, const std::stop_token& stop) {
  uint64_t rows = 0;
  for (const ShardRecord& record : records) rows += record.rows;
  Progress progress(console, "reduce ", rows);
  std::vector<PartRecord> parts(records.size());
  LabelCounts labels;
  parallel_for(
      threads, records.size(),
      [&](size_t shard, size_t) {
        parts[shard] = reduce_shard(dataset, records[shard], projection, labels);
        progress.advance(records[shard].rows, 0);
      },
      stop);
  console.clear_status();
  throw_if_stopped(stop, "reduce", dataset, "before all reduced vectors were written");
  progress.finish();
  return {std::move(parts), labels.take()};
}

}  // namespace pomona
