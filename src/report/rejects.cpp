#include "report/rejects.h"

#include <algorithm>
#include <map>

#include "job/dataset.h"

namespace pomona::report {

RejectList read_rejects(const Storage& dataset, const std::vector<ShardRecord>& records, size_t most_rows) {
  RejectList list;
  std::map<std::pair<std::string, std::string>, uint64_t> counts;
  for (const ShardRecord& record : records) {
    if (record.rejects == 0) continue;
    const std::string key = dataset::rejects_part(record.shard);
    for (RejectRow& row : decode_rejects(dataset.read(key), dataset.uri() + "/" + key)) {
      ++counts[{row.stage, row.reason}];
      if (list.rows.size() < most_rows) list.rows.push_back(std::move(row));
    }
  }
  for (const auto& [names, count] : counts) list.reasons.push_back({names.first, names.second, count});
  std::stable_sort(list.reasons.begin(), list.reasons.end(),
                   [](const RejectCount& a, const RejectCount& b) { return a.count > b.count; });
  std::sort(list.rows.begin(), list.rows.end(),
            [](const RejectRow& a, const RejectRow& b) { return a.path < b.path; });
  return list;
}

}  // namespace pomona::report
