#include <algorithm>
#include <limits>

#include "base/threads.h"
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

std::vector<size_t> rows_where(std::span<const uint32_t> fold, const auto& wanted) {
  std::vector<size_t> rows;
  for (size_t row = 0; row < fold.size(); ++row) {
    if (wanted(fold[row])) rows.push_back(row);
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
  std::vector<double> scores(fold.size(), std::numeric_limits<double>::quiet_NaN());
  parallel_for(threads, folds, [&](size_t index, size_t) {
    const auto held_back = rows_where(fold, [&](uint32_t of_row) { return of_row == index; });
    if (held_back.empty()) return;
    // Summed anew for each fold: moments of the parts, to be merged, would take 7 MB a fold at d = 1280.
    const Moments others =
        moments_of(features, rows_where(fold, [&](uint32_t of_row) { return of_row != index; }));
    const StandardScaler scaler = fit_scaler(others);
    const StandardScaler* used = scaled ? &scaler : nullptr;
    const Pca pca = fit_pca(others, used, uint64_t{components}, false);
    const Projection projection(used, pca);
    const ResidualNovelty novelty(used, pca);
    for_blocks(features, held_back, [&](size_t first, std::span<const float> block) {
      const size_t n = block.size() / features.dimension();
      std::vector<float> reduced(n * projection.k());
      std::vector<double> values(n);
      projection.apply(block, reduced);
      novelty.score(block, reduced, values);
      for (size_t r = 0; r < n; ++r) scores[held_back[first + r]] = values[r];
    });
  });
  return scores;
}

}  // namespace pomona
