#include "job/evaluate.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json per_class(const EvaluationResult& result) {
  Json json = Json::object();
  for (size_t c = 0; c < result.known->per_class.size(); ++c) {
    const ClassFigures& figures = result.known->per_class[c];
    json[result.classes[c]] = {{"precision", figures.precision},
                               {"recall", figures.recall},
                               {"f1", figures.f1},
                               {"support", figures.support}};
  }
  return json;
}

// Rows are labels, columns predictions, both in the order of "classes".
Json confusion(const EvaluationResult& result) {
  const size_t classes = result.classes.size();
  Json rows = Json::array();
  for (size_t c = 0; c < classes; ++c) {
    const auto first = result.known->confusion.begin() + static_cast<std::ptrdiff_t>(c * classes);
    rows.push_back(std::vector<uint64_t>(first, first + static_cast<std::ptrdiff_t>(classes)));
  }
  return rows;
}

Json reliability(const Reliability& calibration) {
  Json bins = Json::array();
  for (const ReliabilityBin& bin : calibration.bins) {
    bins.push_back({{"rows", bin.rows}, {"confidence", bin.confidence}, {"accuracy", bin.accuracy}});
  }
  return bins;
}

Json mistakes(const EvaluationResult& result) {
  Json list = Json::array();
  for (const Mistake& mistake : result.mistakes) {
    list.push_back({{"path", mistake.path},
                    {"label", mistake.label},
                    {"predicted", mistake.predicted},
                    {"probability", mistake.probability},
                    {"verdict", name(mistake.verdict)}});
  }
  return list;
}

}  // namespace

Json to_json(const EvaluationResult& result) {
  const bool known = result.known.has_value();
  const NoveltyFigures& novelty = result.novelty;
  return {{"photos", result.photos},
          {"rows", result.rows},
          {"rejects", result.rejects},
          {"reasons", result.reasons},
          {"known", novelty.known},
          {"unlabelled", result.unlabelled},
          {"other_labels", result.other_labels},
          {"accuracy", known ? Json(result.known->accuracy) : Json()},
          {"accuracy_interval", {result.accuracy_interval.low, result.accuracy_interval.high}},
          {"macro_f1", known ? Json(result.known->macro_f1) : Json()},
          {"log_loss", known ? Json(result.log_loss) : Json()},
          {"ece", known ? Json(result.calibration.ece) : Json()},
          {"reliability", reliability(result.calibration)},
          {"uncertain", known ? Json(result.uncertain) : Json()},
          {"novelty",
           {{"auroc", or_null(novelty.auroc)},
            {"false_rejection", or_null(novelty.false_rejection)},
            {"true_rejection", or_null(novelty.true_rejection)},
            {"unknown", novelty.unknown}}},
          {"classes", result.classes},
          {"per_class", known ? per_class(result) : Json::object()},
          {"confusion", known ? confusion(result) : Json::array()},
          {"mistakes", mistakes(result)}};
}

}  // namespace pomona
