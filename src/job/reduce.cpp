#include "job/reduce.h"

#include <mutex>

#include "base/hash.h"
#include "base/threads.h"
#include "job/dataset.h"
#include "job/fit.h"
#include "job/labels.h"
#include "job/stopped.h"

namespace pomona {

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
        const FeatureTable table = read_features(dataset, records[shard]);
        std::vector<float> reduced(table.rows.size() * projection.k());
        projection.apply(table.features, reduced);
        const std::string bytes = encode_reduced(table.rows, reduced, projection.k());
        dataset.write(dataset::reduced_part(shard), bytes);
        parts[shard] = {bytes.size(), sha256_hex(std::string_view(bytes))};
        labels.add(table.rows);
        progress.advance(table.rows.size(), 0);
      },
      stop);
  console.clear_status();
  throw_if_stopped(stop, "reduce", dataset, "before all reduced vectors were written");
  progress.finish();
  return {std::move(parts), labels.take()};
}

}  // namespace pomona
