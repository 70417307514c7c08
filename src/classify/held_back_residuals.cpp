#include <algorithm>
#include <limits>

#include "base/threads.h"
#include "classify/folds.h"
#include "classify/novelty.h"
#include "stats/projection.h"

namespace pomona {
namespace {

constexpr size_t kBlockRows = 512;

// Rows in blocks of neighbours that belong to one fold: calls visit(first, rows).
template <typename Visit>
void for_blocks(const Rows& rows, std::span<const size_t> wanted, const Visit& visit) {
  const SelectedRows selected(rows, wanted);
  std::vector<float> buffer;
  for (size_t first = 0; first < wanted.size(); first += kBlockRows) {
    visit(first, selected.read(first, std::min(kBlockRows, wanted.size() - first), buffer));
  }
}

std::vector<size_t> rows_of(std::span<const uint32_t> fold, uint32_t index) {
  std::vector<size_t> rows;
  for (size_t row = 0; row < fold.size(); ++row) {
    if (fold[row] == index) rows.push_back(row);
  }
  return rows;
}

Moments moments_of(const Rows& features, std::span<const size_t> rows) {
  Moments moments(features.dimension());
  for_blocks(features, rows, [&](size_t, std::span<const float> block) { moments.update(block); });
  return moments;
}

}  // namespace

std::vector<double> held_back_residuals(const Rows& features, std::span<const uint32_t> fold, uint32_t folds,
                                        size_t components, bool scaled, size_t threads) {
  // The rows that are always learnt from are one more part, the last.
  std::vector<std::vector<size_t>> parts;
  parts.reserve(folds + 1);
  for (uint32_t index = 0; index < folds; ++index) parts.push_back(rows_of(fold, index));
  parts.push_back(rows_of(fold, FoldPlan::kAlwaysLearn));
  std::vector<Moments> moments(parts.size(), Moments(features.dimension()));
  parallel_for(threads, parts.size(),
               [&](size_t part, size_t) { moments[part] = moments_of(features, parts[part]); });
  std::vector<double> scores(fold.size(), std::numeric_limits<double>::quiet_NaN());
  parallel_for(threads, folds, [&](size_t held_back, size_t) {
    if (parts[held_back].empty()) return;
    Moments others(features.dimension());
    for (size_t part = 0; part < parts.size(); ++part) {
      if (part != held_back) others.merge(moments[part]);
    }
    const StandardScaler scaler = fit_scaler(others);
    const StandardScaler* used = scaled ? &scaler : nullptr;
    const Pca pca = fit_pca(others, used, uint64_t{components}, false);
    const Projection projection(used, pca);
    const ResidualNovelty novelty(used, pca);
    for_blocks(features, parts[held_back], [&](size_t first, std::span<const float> block) {
      const size_t n = block.size() / features.dimension();
      std::vector<float> reduced(n * projection.k());
      std::vector<double> values(n);
      projection.apply(block, reduced);
      novelty.score(block, reduced, values);
      for (size_t r = 0; r < n; ++r) scores[parts[held_back][first + r]] = values[r];
    });
  });
  return scores;
}

}  // namespace pomona
