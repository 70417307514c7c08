// What the tasks of a stage have in common, on its way to the machine that does them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "storage/s3_options.h"

namespace pomona {

struct StageOrder {
  std::string stage;   // "extract", "fit", "reduce", "augment", "predict"
  std::string source;  // absolute where it is a folder
  std::string out;     // likewise
  uint64_t shards = 1;
  uint64_t span = 1;            // shards in a task: a power of two
  std::vector<uint64_t> tasks;  // by position: the task takes shards [tasks[i] * span, (tasks[i] + 1) * span)
  uint64_t threads = 1;         // in a task
  S3Options s3;                 // how S3 is reached; credentials are the worker's own
  std::string dataset_sha256;   // of plan/settings.json: whether the worker sees this dataset
  // extract, augment
  std::string settings_sha256;
  std::string precision;
  uint64_t max_bytes = 0;
  uint64_t max_pixels = 0;
  int scaled_size = 0;
  std::vector<uint64_t> previous;  // Plan::previous
  // augment, besides: AugmentSettings
  uint64_t views = 0;
  bool background = false;
  // fit, augment
  std::string unknown;
  bool exact = false;  // fit
  // reduce, predict: the hash of bundle/bundle.json
  std::string bundle_sha256;

  // Throws Error(usage) where a path is not UTF-8.
  std::string text() const;
  // Throws Error(mismatch) for the text of another version of Pomona.
  static StageOrder parse(const std::string& text);

  // First and past-the-last shard of a task.
  std::pair<uint64_t, uint64_t> shards_of(uint64_t position) const;
};

// Shards in a task, for about `tasks_wanted` tasks at least: the largest power of two that leaves as many,
// and no more than `most`.
uint64_t task_span(uint64_t shards, uint64_t tasks_wanted, uint64_t most);

}  // namespace pomona
