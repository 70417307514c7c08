#include "classify/folds.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/error.h"

namespace pomona {
namespace {

struct Group {
  uint32_t label;
  uint64_t key;
  std::vector<size_t> rows;
};

// By class; within a class the largest first, and among equals by key.
std::vector<Group> groups_of(std::span<const uint32_t> labels, std::span<const uint64_t> keys) {
  std::map<std::pair<uint32_t, uint64_t>, std::vector<size_t>> found;
  for (size_t row = 0; row < labels.size(); ++row) found[{labels[row], keys[row]}].push_back(row);
  std::vector<Group> groups;
  groups.reserve(found.size());
  for (auto& [key, rows] : found) groups.push_back({key.first, key.second, std::move(rows)});
  std::ranges::sort(groups, [](const Group& a, const Group& b) {
    return std::tuple(a.label, b.rows.size(), a.key) < std::tuple(b.label, a.rows.size(), b.key);
  });
  return groups;
}

}  // namespace

FoldPlan plan_folds(std::span<const uint32_t> labels, std::span<const uint64_t> groups, uint32_t folds) {
  if (folds < 2)
    throw Error(ErrorCode::usage, "cross-validation", "", "fewer than 2 folds hold nothing back");
  if (labels.size() != groups.size()) {
    throw Error(ErrorCode::mismatch, "cross-validation", "", "there are not as many groups as labels");
  }
  FoldPlan plan;
  plan.folds = folds;
  plan.fold.assign(labels.size(), FoldPlan::kAlwaysLearn);
  const auto all = groups_of(labels, groups);
  std::vector<size_t> total(folds);
  for (auto first = all.begin(); first != all.end();) {
    const auto last = std::find_if(first, all.end(), [&](const Group& g) { return g.label != first->label; });
    std::vector<size_t> of_class(folds);
    for (auto group = first; last - first > 1 && group != last; ++group) {
      // The fold with the fewest rows of the class; among equals that with the fewest rows at all.
      uint32_t least = 0;
      for (uint32_t f = 1; f < folds; ++f) {
        if (std::tie(of_class[f], total[f]) < std::tie(of_class[least], total[least])) least = f;
      }
      for (const size_t row : group->rows) plan.fold[row] = least;
      of_class[least] += group->rows.size();
      total[least] += group->rows.size();
      plan.held_back += group->rows.size();
      ++plan.groups;
    }
    first = last;
  }
  return plan;
}

}  // namespace pomona
