#include "classify/select.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "base/error.h"
#include "base/threads.h"
#include "classify/metrics.h"
#include "classify/neighbours.h"
#include "classify/temperature.h"

namespace pomona {
namespace {

// Good enough to tell strengths apart.
constexpr size_t kIterations = 100;
constexpr double kTolerance = 1e-4;

template <typename T>
std::vector<T> pick(std::span<const T> values, std::span<const size_t> rows) {
  std::vector<T> picked;
  picked.reserve(rows.size());
  for (const size_t row : rows) picked.push_back(values[row]);
  return picked;
}

// About max_rows rows, those with the smallest keys, so that the same photos are taken wherever they stand.
std::vector<size_t> thinned(std::span<const uint64_t> keys, size_t max_rows) {
  uint64_t limit = std::numeric_limits<uint64_t>::max();
  if (keys.size() > max_rows) {
    std::vector<uint64_t> sorted(keys.begin(), keys.end());
    std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(max_rows));
    limit = sorted[max_rows];
  }
  std::vector<size_t> rows;
  for (size_t row = 0; row < keys.size(); ++row) {
    if (keys.size() <= max_rows || keys[row] < limit) rows.push_back(row);
  }
  return rows;
}

// One fold: what is learnt from, what is judged, and the last model, from which the next strength starts.
struct Fold {
  std::vector<size_t> learnt;
  std::vector<uint32_t> learnt_labels;
  size_t first_judged = 0;
  size_t judged = 0;
  std::optional<SoftmaxModel> model;
};

// The first `all_judged` rows are in the order of their folds; those that are only learnt from come last.
std::vector<Fold> make_folds(std::span<const uint32_t> fold_of, std::span<const uint32_t> labels,
                             uint32_t count, size_t all_judged) {
  std::vector<Fold> folds;
  for (uint32_t index = 0; index < count; ++index) {
    const auto judged = std::ranges::equal_range(fold_of.first(all_judged), index);
    Fold fold;
    fold.first_judged = static_cast<size_t>(judged.data() - fold_of.data());
    fold.judged = judged.size();
    for (size_t row = 0; row < fold_of.size(); ++row) {
      if (fold_of[row] != index) fold.learnt.push_back(row);
    }
    if (fold.judged == 0 || fold.learnt.empty()) continue;
    fold.learnt_labels = pick(labels, fold.learnt);
    folds.push_back(std::move(fold));
  }
  return folds;
}

// The logits of the judged rows, which are the first of `rows`.
std::vector<float> held_back_logits(const MatrixRows& rows, std::vector<Fold>& folds, size_t judged,
                                    size_t classes, const TrainingOptions& training) {
  std::vector<float> logits(judged * classes);
  std::vector<float> unused;
  for (Fold& fold : folds) {
    fold.model = train_softmax(SelectedRows(rows, fold.learnt), fold.learnt_labels, classes, training,
                               fold.model ? &*fold.model : nullptr);
    SoftmaxClassifier(*fold.model)
        .logits(rows.read(fold.first_judged, fold.judged, unused),
                std::span(logits).subspan(fold.first_judged * classes, fold.judged * classes));
  }
  return logits;
}

// Accuracy, log-loss and temperature of a candidate.
Candidate judged(Candidate candidate, std::span<const float> logits, std::span<const uint32_t> labels) {
  const size_t classes = logits.size() / labels.size();
  candidate.temperature = fit_temperature(logits, labels);
  std::vector<double> probabilities(logits.size());
  size_t right = 0;
  for (size_t r = 0; r < labels.size(); ++r) {
    const auto row = logits.subspan(r * classes, classes);
    softmax(row, candidate.temperature, std::span(probabilities).subspan(r * classes, classes));
    if (static_cast<size_t>(std::ranges::max_element(row) - row.begin()) == labels[r]) ++right;
  }
  candidate.accuracy = static_cast<double>(right) / static_cast<double>(labels.size());
  candidate.log_loss = log_loss(probabilities, labels);
  return candidate;
}

FoldPlan plan_for(const std::vector<uint32_t>& labels, const std::vector<uint64_t>& groups,
                  const std::vector<uint64_t>& keys, uint32_t folds) {
  FoldPlan plan = plan_folds(labels, groups, folds);
  if (plan.held_back == 0) plan = plan_folds(labels, keys, folds);
  if (plan.held_back == 0) {
    throw Error(ErrorCode::no_data, "cross-validation", "",
                "no class has two photos, so none can be held back", "give more photos of each class");
  }
  return plan;
}

// Places in `plan`: first photos in the order of their folds, then what is only learnt from.
std::vector<size_t> in_order_of_folds(const FoldPlan& plan, std::span<const uint32_t> views) {
  std::vector<size_t> places(plan.fold.size());
  std::iota(places.begin(), places.end(), size_t{0});
  std::ranges::stable_sort(places, {}, [&](size_t place) {
    const bool judged = plan.fold[place] != FoldPlan::kAlwaysLearn && (views.empty() || views[place] == 0);
    return std::pair(!judged, plan.fold[place]);
  });
  return places;
}

// The rows in the order of their folds, those that are only learnt from last.
struct Prepared {
  std::vector<float> values;
  std::vector<uint32_t> labels;
  std::vector<Fold> folds;
  Selection selection;

  size_t judged() const { return selection.rows.size(); }

  // Keeps the candidate where it is better by enough. Returns whether it is.
  bool offer(Candidate candidate, std::vector<float> logits, double worthwhile) {
    selection.tried.push_back(pomona::judged(candidate, logits, selection.labels));
    if (selection.tried.back().log_loss >= (1 - worthwhile) * selection.best.log_loss) return false;
    selection.best = selection.tried.back();
    selection.logits = std::move(logits);
    return true;
  }
};

Prepared prepare(const Rows& rows, std::span<const uint32_t> all_labels, std::span<const uint64_t> groups,
                 std::span<const uint64_t> keys, const SelectionOptions& options,
                 std::span<const uint32_t> all_views) {
  auto taken = thinned(keys, options.max_rows);
  const auto plan = plan_for(pick(all_labels, taken), pick(groups, taken), pick(keys, taken), options.folds);
  const auto views = all_views.empty() ? std::vector<uint32_t>() : pick(all_views, taken);
  const auto places = in_order_of_folds(plan, views);
  taken = pick<size_t>(taken, places);
  const auto fold_of = pick<uint32_t>(plan.fold, places);
  std::ptrdiff_t judged = 0;
  for (size_t row = 0; row < plan.fold.size(); ++row) {
    if (plan.fold[row] != FoldPlan::kAlwaysLearn && (views.empty() || views[row] == 0)) ++judged;
  }
  Prepared prepared;
  prepared.labels = pick(all_labels, taken);
  prepared.values = gather(SelectedRows(rows, taken));
  prepared.folds = make_folds(fold_of, prepared.labels, plan.folds, static_cast<size_t>(judged));
  Selection& selection = prepared.selection;
  selection.labels.assign(prepared.labels.begin(), prepared.labels.begin() + judged);
  selection.rows.assign(taken.begin(), taken.begin() + judged);
  selection.fold.assign(fold_of.begin(), fold_of.begin() + judged);
  selection.folds = plan.folds;
  selection.groups = plan.groups;
  selection.best.log_loss = std::numeric_limits<double>::infinity();
  return prepared;
}

// The nearest rows of each judged row, among what its fold learns from; and what labels and weights these
// have.
struct FoldNeighbours {
  size_t first_judged;
  std::vector<uint32_t> labels;
  std::vector<std::vector<Neighbour>> nearest;
};

std::vector<FoldNeighbours> find_neighbours(const MatrixRows& rows, const std::vector<Fold>& folds,
                                            size_t most, size_t threads) {
  std::vector<FoldNeighbours> found(folds.size());
  parallel_for(threads, folds.size(), [&](size_t index, size_t) {
    const Fold& fold = folds[index];
    std::vector<float> unused;
    const NearestRows nearest(gather(SelectedRows(rows, fold.learnt)), rows.dimension());
    found[index] = {fold.first_judged, fold.learnt_labels,
                    nearest.find(rows.read(fold.first_judged, fold.judged, unused), most)};
  });
  return found;
}

}  // namespace

Selection select_strength(const Rows& all_rows, std::span<const uint32_t> all_labels, size_t classes,
                          std::span<const uint64_t> groups, std::span<const uint64_t> keys,
                          const SelectionOptions& options, std::span<const uint32_t> views) {
  Prepared prepared = prepare(all_rows, all_labels, groups, keys, options, views);
  const MatrixRows rows(prepared.values, all_rows.dimension());
  size_t worse = 0;
  for (const double strength : options.strengths) {
    auto logits = held_back_logits(
        rows, prepared.folds, prepared.judged(), classes,
        {strength, options.class_weights, options.threads, kIterations, kTolerance, options.stop});
    if (prepared.offer({.strength = strength}, std::move(logits), options.worthwhile)) {
      worse = 0;
    } else if (++worse == 2) {
      break;
    }
  }
  return std::move(prepared.selection);
}

Selection select_neighbours(const Rows& all_rows, std::span<const uint32_t> all_labels, size_t classes,
                            std::span<const uint64_t> groups, std::span<const uint64_t> keys,
                            const SelectionOptions& options, std::span<const uint32_t> views) {
  Prepared prepared = prepare(all_rows, all_labels, groups, keys, options, views);
  const MatrixRows rows(prepared.values, all_rows.dimension());
  const auto found =
      find_neighbours(rows, prepared.folds, std::ranges::max(options.neighbours), options.threads);
  for (const size_t k : options.neighbours) {
    std::vector<float> logits(prepared.judged() * classes);
    for (const FoldNeighbours& fold : found) {
      for (size_t row = 0; row < fold.nearest.size(); ++row) {
        neighbour_logits(fold.nearest[row], fold.labels, k,
                         std::span(logits).subspan((fold.first_judged + row) * classes, classes));
      }
    }
    prepared.offer({.neighbours = k}, std::move(logits), options.worthwhile);
  }
  return std::move(prepared.selection);
}

}  // namespace pomona
