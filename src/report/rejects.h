// The rejects of a dataset: all counted, the first of them by name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "job/record.h"
#include "storage/storage.h"
#include "table/rejects.h"

namespace pomona::report {

struct RejectCount {
  std::string stage;
  std::string reason;
  uint64_t count = 0;
};

struct RejectList {
  std::vector<RejectCount> reasons;  // the most frequent first
  std::vector<RejectRow> rows;       // by path; of the first shards where there are more than asked for
};

RejectList read_rejects(const Storage& dataset, const std::vector<ShardRecord>& records, size_t most_rows);

}  // namespace pomona::report
