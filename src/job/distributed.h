// The driver's side of a job that an engine spreads over machines: what to do, and the account of what came
// of it. No photo and no feature passes through the driver.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "job/augment.h"
#include "job/engine.h"
#include "job/extract.h"
#include "job/fit.h"
#include "job/order.h"
#include "job/reduce.h"

namespace pomona {

// Memory that a task of the extract stage needs, in bytes (docs/architecture.md has the formula): libraries
// and network, a photo a thread at the limits that real photos reach, three shards.
uint64_t task_memory(uint64_t threads, uint64_t shard_size, uint64_t dimension);

class DistributedJob {
 public:
  // `source` and `out` as the user gave them; folders are made absolute for the workers, which have
  // another working directory.
  DistributedJob(Engine& engine, const std::string& source, const std::string& out, S3Options s3,
                 Storage& dataset, Console& console);

  // As pomona::extract(): what the settings of the decoder and the network are is in `order`, whose stage,
  // shards and tasks are set here. Where there is a shard to do, `prepare` is called first: it writes the
  // network to bundle/.
  ExtractResult extract(const Plan& plan, const StageOrder& order, const std::function<void()>& prepare);
  FitResult fit(const std::vector<ShardRecord>& records, const FitSettings& settings);
  ReduceResult reduce(const std::vector<ShardRecord>& records);
  // As pomona::augment(); `order` as for extract().
  void augment(const std::vector<ShardRecord>& records, const StageOrder& order,
               const AugmentSettings& settings);
  std::vector<PartRecord> predict(const std::vector<ShardRecord>& records);

 private:
  // `order` with what all stages have; its tasks cover all shards.
  StageOrder stage_order(const std::string& stage, uint64_t shards, StageOrder order = {}) const;
  // Makes the tasks of `order` cover the shards `open`, which ascend, and perhaps their neighbours.
  void give_out(StageOrder& order, const std::vector<uint64_t>& open) const;
  void extract_once(const Plan& plan, StageOrder order, const std::vector<uint64_t>& open,
                    ExtractResult& result);
  ReduceResult map_parts(const std::string& stage, const std::vector<ShardRecord>& records);

  Engine& engine_;
  std::string source_;
  std::string out_;
  S3Options s3_;
  Storage& dataset_;
  Console& console_;
};

}  // namespace pomona
