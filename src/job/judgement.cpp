#include "job/judgement.h"

#include <algorithm>

namespace pomona {
namespace {

using Kind = Judgement::Kind;
using Judged = std::vector<const Judgement*>;

Judged of_kind(std::span<const Judgement> judgements, Kind kind) {
  Judged found;
  for (const Judgement& judgement : judgements) {
    if (judgement.kind == kind && !judgement.reject) found.push_back(&judgement);
  }
  return found;
}

template <typename Value>
std::vector<Value> values(const Judged& judged, Value Judgement::* member) {
  std::vector<Value> result;
  for (const Judgement* judgement : judged) result.push_back(judgement->*member);
  return result;
}

// Of `judged`, which is not empty.
double share(const Judged& judged, Verdict verdict) {
  const auto count = std::ranges::count(judged, verdict, &Judgement::verdict);
  return static_cast<double>(count) / static_cast<double>(judged.size());
}

// calibration() looks at the largest probability and whether it stands at the label: two columns say both.
Reliability calibration_of(const Judged& known) {
  std::vector<double> confidences;
  std::vector<uint32_t> wrong;
  for (const Judgement* judgement : known) {
    confidences.insert(confidences.end(), {judgement->probability, 0});
    wrong.push_back(judgement->predicted == judgement->label_index ? 0 : 1);
  }
  return calibration(confidences, wrong);
}

void add_known(const Judged& known, EvaluationResult& result) {
  const size_t classes = result.classes.size();
  result.known =
      evaluate(values(known, &Judgement::label_index), values(known, &Judgement::predicted), classes);
  uint64_t right = 0;
  for (size_t c = 0; c < classes; ++c) right += result.known->confusion[c * classes + c];
  result.accuracy_interval = wilson_interval(right, known.size());
  result.calibration = calibration_of(known);
  // log_loss() of one column, that of the label.
  result.log_loss =
      log_loss(values(known, &Judgement::label_probability), std::vector<uint32_t>(known.size(), 0));
  result.uncertain = share(known, Verdict::uncertain);
}

NoveltyFigures novelty_of(const Judged& known, const Judged& unknown) {
  NoveltyFigures figures;
  figures.known = known.size();
  figures.unknown = unknown.size();
  if (!known.empty()) figures.false_rejection = share(known, Verdict::not_a_fruit);
  if (!unknown.empty()) figures.true_rejection = share(unknown, Verdict::not_a_fruit);
  if (!known.empty() && !unknown.empty()) {
    figures.auroc = auroc(values(unknown, &Judgement::novelty), values(known, &Judgement::novelty));
  }
  return figures;
}

// The most confident first; among equals by path.
std::vector<Mistake> worst(Judged known, const std::vector<std::string>& classes, size_t count) {
  std::erase_if(known, [](const Judgement* j) { return j->predicted == j->label_index; });
  std::ranges::stable_sort(known, [](const Judgement* a, const Judgement* b) {
    return a->probability != b->probability ? a->probability > b->probability : a->path < b->path;
  });
  known.resize(std::min(known.size(), count));
  std::vector<Mistake> mistakes;
  for (const Judgement* j : known) {
    mistakes.push_back({j->path, j->label, classes[j->predicted], j->probability, j->verdict});
  }
  return mistakes;
}

}  // namespace

EvaluationResult summarise(std::span<const Judgement> judgements, const std::vector<std::string>& classes,
                           size_t mistakes) {
  EvaluationResult result;
  result.classes = classes;
  result.photos = judgements.size();
  for (const Judgement& judgement : judgements) {
    if (judgement.reject) {
      ++result.rejects;
      ++result.reasons[std::string(name(judgement.reject->reason))];
      continue;
    }
    ++result.rows;
    if (judgement.kind == Kind::other) ++result.other_labels[judgement.label];
    if (judgement.kind == Kind::unlabelled) ++result.unlabelled;
  }
  const Judged known = of_kind(judgements, Kind::known);
  if (!known.empty()) add_known(known, result);
  result.novelty = novelty_of(known, of_kind(judgements, Kind::unknown));
  result.mistakes = worst(known, classes, mistakes);
  return result;
}

}  // namespace pomona
