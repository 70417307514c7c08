#include "classify/select.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "base/error.h"
#include "classify/metrics.h"
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

Candidate judge(std::span<const float> logits, std::span<const uint32_t> labels, double strength) {
  const size_t classes = logits.size() / labels.size();
  Candidate candidate{.strength = strength, .temperature = fit_temperature(logits, labels)};
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

}  // namespace

Selection select_strength(const Rows& all_rows, std::span<const uint32_t> all_labels, size_t classes,
                          std::span<const uint64_t> groups, std::span<const uint64_t> keys,
                          const SelectionOptions& options, std::span<const uint32_t> all_views) {
  auto taken = thinned(keys, options.max_rows);
  const auto plan = plan_for(pick(all_labels, taken), pick(groups, taken), pick(keys, taken), options.folds);
  const auto views = all_views.empty() ? std::vector<uint32_t>() : pick(all_views, taken);
  const auto places = in_order_of_folds(plan, views);
  taken = pick<size_t>(taken, places);
  const auto labels = pick(all_labels, taken);
  const auto values = gather(SelectedRows(all_rows, taken));
  const MatrixRows rows(values, all_rows.dimension());
  const auto fold_of = pick<uint32_t>(plan.fold, places);
  size_t judged = 0;
  for (size_t row = 0; row < plan.fold.size(); ++row) {
    if (plan.fold[row] != FoldPlan::kAlwaysLearn && (views.empty() || views[row] == 0)) ++judged;
  }
  auto folds = make_folds(fold_of, labels, plan.folds, judged);
  Selection selection;
  selection.labels.assign(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(judged));
  selection.rows.assign(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(judged));
  selection.fold.assign(fold_of.begin(), fold_of.begin() + static_cast<std::ptrdiff_t>(judged));
  selection.folds = plan.folds;
  selection.groups = plan.groups;
  selection.best.log_loss = std::numeric_limits<double>::infinity();
  size_t worse = 0;
  for (const double strength : options.strengths) {
    auto logits =
        held_back_logits(rows, folds, judged, classes,
                         {strength, options.class_weights, options.threads, kIterations, kTolerance});
    selection.tried.push_back(judge(logits, selection.labels, strength));
    if (selection.tried.back().log_loss < (1 - options.worthwhile) * selection.best.log_loss) {
      selection.best = selection.tried.back();
      selection.logits = std::move(logits);
      worse = 0;
    } else if (++worse == 2) {
      break;
    }
  }
  return selection;
}

}  // namespace pomona
