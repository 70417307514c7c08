#include "report/judged.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "classify/metrics.h"

namespace pomona::report {
namespace {

constexpr size_t kNoveltyBins = 40;

uint32_t class_index(const std::vector<std::string>& classes, const std::string& name) {
  const auto found = std::ranges::lower_bound(classes, name);
  if (found == classes.end() || *found != name) {
    throw Error(ErrorCode::corrupt, "report", name, "an answer names it, and the classifier does not know it",
                "train again: `pomona train OUT`");
  }
  return static_cast<uint32_t>(found - classes.begin());
}

// The surest first; among equals by path.
std::vector<const PredictionRow*> surest(std::span<const PredictionRow> rows) {
  std::vector<const PredictionRow*> order;
  order.reserve(rows.size());
  for (const PredictionRow& row : rows) order.push_back(&row);
  std::ranges::sort(order, [](const PredictionRow* a, const PredictionRow* b) {
    return a->probability != b->probability ? a->probability > b->probability : a->path < b->path;
  });
  return order;
}

void add_figures(std::span<const uint32_t> labels, std::span<const uint32_t> predicted,
                 const std::vector<std::string>& classes, ClassifierReport& report) {
  const Evaluation figures = evaluate(labels, predicted, classes.size());
  report.accuracy = figures.accuracy;
  report.macro_f1 = figures.macro_f1;
  std::vector<uint64_t> answered(classes.size());
  for (const uint32_t label : predicted) ++answered[label];
  for (size_t c = 0; c < classes.size(); ++c) {
    const ClassFigures& of_class = figures.per_class[c];
    ReportClassScore score{classes[c], {}, {}, {}, of_class.support};
    if (answered[c] > 0) score.precision = of_class.precision;
    if (of_class.support > 0) score.recall = of_class.recall;
    if (score.precision || score.recall) score.f1 = of_class.f1;
    report.per_class.push_back(std::move(score));
  }
}

void add_reliability(std::span<const PredictionRow> known, ClassifierReport& report) {
  // calibration() looks at the largest probability and whether it stands at the label: two columns say both.
  std::vector<double> columns;
  std::vector<uint32_t> wrong;
  for (const PredictionRow& row : known) {
    columns.insert(columns.end(), {row.probability, 0});
    wrong.push_back(row.predicted == row.label ? 0 : 1);
  }
  const Reliability result = calibration(columns, wrong);
  report.ece = result.ece;
  const auto bins = static_cast<double>(result.bins.size());
  for (size_t bin = 0; bin < result.bins.size(); ++bin) {
    const ReliabilityBin& of_bin = result.bins[bin];
    report.reliability.push_back({static_cast<double>(bin) / bins, static_cast<double>(bin + 1) / bins,
                                  of_bin.rows, of_bin.confidence, of_bin.accuracy});
  }
}

void add_cells(const std::vector<const PredictionRow*>& order, ClassifierReport& report) {
  std::map<std::pair<std::string, std::string>, ReportConfusion> cells;
  for (const PredictionRow* row : order) {
    ReportConfusion& cell = cells[{row->label, row->predicted}];
    ++cell.count;
    if (cell.paths.size() < kPhotosACell) cell.paths.push_back(row->path);
  }
  for (auto& [names, cell] : cells) {
    cell.label = names.first;
    cell.predicted = names.second;
    report.confusion.push_back(std::move(cell));
  }
}

std::vector<double> novelties(std::span<const PredictionRow> rows) {
  std::vector<double> scores;
  for (const PredictionRow& row : rows) {
    if (std::isfinite(row.novelty)) scores.push_back(row.novelty);
  }
  return scores;
}

std::vector<uint64_t> histogram(const std::vector<double>& scores, const std::vector<double>& edges) {
  std::vector<uint64_t> counts(edges.size() - 1);
  for (const double score : scores) {
    const auto above = std::ranges::upper_bound(edges, score);
    const auto bin = static_cast<size_t>(std::max<std::ptrdiff_t>(1, above - edges.begin()) - 1);
    ++counts[std::min(bin, counts.size() - 1)];
  }
  return counts;
}

double share_above(std::span<const PredictionRow> rows, double threshold) {
  const auto above = std::ranges::count_if(rows, [&](const auto& row) { return row.novelty > threshold; });
  return static_cast<double>(above) / static_cast<double>(rows.size());
}

std::optional<ReportNovelty> novelty_of(std::span<const PredictionRow> known,
                                        std::span<const PredictionRow> unknown, double threshold) {
  const std::vector<double> scores = novelties(known);
  const std::vector<double> others = novelties(unknown);
  if (scores.empty()) return std::nullopt;
  auto [low, high] = std::ranges::minmax(scores);
  for (const double score : others) {
    low = std::min(low, score);
    high = std::max(high, score);
  }
  low = std::min(low, threshold);
  high = std::max(high, threshold);
  if (high <= low) high = low + 1;
  high += (high - low) / kNoveltyBins;  // so that the threshold does not stand on the edge
  ReportNovelty novelty;
  for (size_t edge = 0; edge <= kNoveltyBins; ++edge) {
    novelty.edges.push_back(low + (high - low) * static_cast<double>(edge) / kNoveltyBins);
  }
  novelty.known = histogram(scores, novelty.edges);
  novelty.unknown = histogram(others, novelty.edges);
  novelty.threshold = threshold;
  novelty.false_rejection = share_above(known, threshold);
  if (!others.empty()) {
    novelty.true_rejection = share_above(unknown, threshold);
    novelty.auroc = auroc(others, scores);
  }
  return novelty;
}

}  // namespace

ClassifierReport judge(std::span<const PredictionRow> known, std::span<const PredictionRow> unknown,
                       const std::vector<std::string>& classes, const Thresholds& thresholds,
                       const std::string& basis) {
  std::vector<uint32_t> labels;
  std::vector<uint32_t> predicted;
  for (const PredictionRow& row : known) {
    labels.push_back(class_index(classes, row.label));
    predicted.push_back(class_index(classes, row.predicted));
  }
  ClassifierReport report;
  report.basis = basis;
  report.photos = known.size();
  add_figures(labels, predicted, classes, report);
  add_reliability(known, report);
  const auto order = surest(known);
  add_cells(order, report);
  for (const PredictionRow* row : order) {
    if (report.mistakes.size() == kShownMistakes) break;
    if (row->predicted != row->label) {
      report.mistakes.push_back({row->path, row->label, row->predicted, row->probability});
    }
  }
  report.novelty = novelty_of(known, unknown, thresholds.novelty);
  return report;
}

std::vector<std::string> shown_photos(const ClassifierReport& classifier) {
  std::vector<std::string> paths;
  std::set<std::string, std::less<>> seen;
  const auto add = [&](const std::string& path) {
    if (seen.insert(path).second) paths.push_back(path);
  };
  for (const ReportPrediction& mistake : classifier.mistakes) add(mistake.path);
  for (size_t rank = 0; rank < kPhotosACell; ++rank) {
    for (const bool wrong : {true, false}) {
      for (const ReportConfusion& cell : classifier.confusion) {
        if ((cell.label != cell.predicted) == wrong && rank < cell.paths.size()) add(cell.paths[rank]);
      }
    }
  }
  return paths;
}

}  // namespace pomona::report
