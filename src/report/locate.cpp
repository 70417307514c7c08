#include "report/locate.h"

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "job/dataset.h"
#include "table/plan.h"

namespace pomona::report {
namespace {

// As job/plan.h: shard s is in part s mod parts, and there are at most 64 of them.
constexpr uint64_t kMostPlanParts = 64;

std::optional<ObjectInfo> find(const std::vector<PlanRow>& rows, const std::string& path) {
  const auto row =
      std::lower_bound(rows.begin(), rows.end(), path,
                       [](const PlanRow& each, const std::string& key) { return each.key < key; });
  if (row == rows.end() || row->key != path) return std::nullopt;
  return ObjectInfo{row->key, row->size, row->version};
}

}  // namespace

std::vector<std::optional<ObjectInfo>> locate(const Storage& dataset, uint64_t shards,
                                              std::span<const std::string> paths) {
  std::vector<std::optional<ObjectInfo>> found(paths.size());
  if (shards == 0) return found;
  const uint64_t parts = std::min(kMostPlanParts, shards);
  std::map<uint64_t, std::map<uint64_t, std::vector<size_t>>> wanted;  // part -> shard -> indices
  for (size_t i = 0; i < paths.size(); ++i) {
    const uint64_t shard = path_hash(paths[i]) % shards;
    wanted[shard % parts][shard].push_back(i);
  }
  for (const auto& [part, of_part] : wanted) {
    const std::string key = dataset::plan_part(part);
    if (!dataset.stat(key)) continue;
    const std::string bytes = dataset.read(key);
    for (const auto& [shard, indices] : of_part) {
      const std::vector<PlanRow> rows = decode_plan(bytes, dataset.uri() + "/" + key, shard);
      for (const size_t i : indices) found[i] = find(rows, paths[i]);
    }
  }
  return found;
}

}  // namespace pomona::report
