#include "report/sections.h"

#include <cmath>

#include "report/similarity.h"

namespace pomona::report {
namespace {

using Json = nlohmann::json;

constexpr size_t kMostInMatrix = 300;
constexpr size_t kClosestPairs = 12;

// Three digits are more than a colour shows.
double rounded(double value) { return std::round(value * 1000) / 1000; }

Json photo_json(const Photo& photo, const Gallery& gallery) {
  return {{"path", photo.path},
          {"label", photo.label},
          {"point", photo.point},
          {"tile", gallery.tile(photo.path)}};
}

Json photos_json(const std::vector<RankedPhoto>& photos, const Gallery& gallery) {
  Json list = Json::array();
  for (const RankedPhoto& ranked : photos) list.push_back(photo_json(ranked.photo, gallery));
  return list;
}

Json path_json(const std::string& path, uint32_t label, const Gallery& gallery) {
  return {{"path", path}, {"label", label}, {"point", gallery.point(path)}, {"tile", gallery.tile(path)}};
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json per_class_json(const ClassifierReport& classifier, const Classes& classes) {
  Json list = Json::array();
  for (size_t label = 0; label < classes.size(); ++label) {
    list.push_back({{"precision", nullptr}, {"recall", nullptr}, {"f1", nullptr}, {"support", 0}});
  }
  for (const ReportClassScore& score : classifier.per_class) {
    if (!classes.contains(score.label)) continue;
    list[classes.index(score.label)] = {{"precision", optional_json(score.precision)},
                                        {"recall", optional_json(score.recall)},
                                        {"f1", optional_json(score.f1)},
                                        {"support", score.support}};
  }
  return list;
}

Json confusion_json(const ClassifierReport& classifier, const Classes& classes, const Gallery& gallery) {
  Json list = Json::array();
  for (const ReportConfusion& cell : classifier.confusion) {
    if (!classes.contains(cell.label) || !classes.contains(cell.predicted)) continue;
    const uint32_t truth = classes.index(cell.label);
    Json photos = Json::array();
    for (const std::string& path : cell.paths) photos.push_back(path_json(path, truth, gallery));
    list.push_back({{"truth", truth},
                    {"predicted", classes.index(cell.predicted)},
                    {"count", cell.count},
                    {"photos", std::move(photos)}});
  }
  return list;
}

Json mistakes_json(const ClassifierReport& classifier, const Classes& classes, const Gallery& gallery) {
  Json list = Json::array();
  for (const ReportPrediction& mistake : classifier.mistakes) {
    if (!classes.contains(mistake.label) || !classes.contains(mistake.predicted)) continue;
    Json json = path_json(mistake.path, classes.index(mistake.label), gallery);
    json["predicted"] = classes.index(mistake.predicted);
    json["probability"] = mistake.probability;
    list.push_back(std::move(json));
  }
  return list;
}

Json novelty_json(const ReportNovelty& novelty) {
  return {{"edges", novelty.edges},
          {"known", novelty.known},
          {"unknown", novelty.unknown},
          {"threshold", novelty.threshold},
          {"false_rejection", novelty.false_rejection},
          {"true_rejection", optional_json(novelty.true_rejection)},
          {"auroc", optional_json(novelty.auroc)}};
}

}  // namespace

Json rejects_json(const RejectList& rejects, const Pictures& pictures, const std::string& retry) {
  Json reasons = Json::array();
  for (const RejectCount& each : rejects.reasons) {
    reasons.push_back({{"stage", each.stage}, {"reason", each.reason}, {"count", each.count}});
  }
  Json list = Json::array();
  for (size_t i = 0; i < rejects.rows.size(); ++i) {
    const RejectRow& row = rejects.rows[i];
    list.push_back({{"path", row.path},
                    {"stage", row.stage},
                    {"reason", row.reason},
                    {"detail", row.detail},
                    {"tile", pictures.reject_tiles[i]}});
  }
  return {{"reasons", std::move(reasons)}, {"list", std::move(list)}, {"retry", retry}};
}

Json classes_json(const Classes& classes, const Pictures& pictures, size_t shipped) {
  Json list = Json::array();
  for (size_t label = 0; label < classes.size(); ++label) {
    const ClassInfo& info = classes.all()[label];
    const std::vector<float> mean(info.mean.begin(), info.mean.begin() + static_cast<ptrdiff_t>(shipped));
    list.push_back({{"name", info.name},
                    {"unlabelled", info.name.empty()},
                    {"count", info.count},
                    {"mean", mean},
                    {"average", pictures.averages[label].tile},
                    {"averaged", pictures.averages[label].photos},
                    {"typical", photos_json(info.typical, pictures.gallery)},
                    {"strange", photos_json(info.strange, pictures.gallery)}});
  }
  return list;
}

Json similarity_json(const Classes& classes) {
  std::vector<std::vector<double>> means;
  std::vector<uint32_t> labels;  // of classes that have photos: of the others there is no mean
  for (uint32_t label = 0; label < classes.size(); ++label) {
    if (classes.all()[label].count == 0) continue;
    means.push_back(classes.all()[label].mean);
    labels.push_back(label);
  }
  if (labels.size() < 3 || classes.size() > kMostInMatrix) return nullptr;
  const auto matrix = cosine_matrix(means);
  Json order = Json::array();
  for (const uint32_t place : clustered_order(matrix)) order.push_back(labels[place]);
  Json closest = Json::array();
  for (const ClosePair& pair : closest_pairs(matrix, kClosestPairs)) {
    closest.push_back({{"a", labels[pair.a]}, {"b", labels[pair.b]}, {"value", rounded(pair.value)}});
  }
  // By class index, as everything in the page.
  std::vector<std::vector<double>> values(classes.size(), std::vector<double>(classes.size()));
  for (size_t a = 0; a < labels.size(); ++a) {
    for (size_t b = 0; b < labels.size(); ++b) values[labels[a]][labels[b]] = rounded(matrix[a][b]);
  }
  return {{"order", std::move(order)}, {"values", values}, {"closest", std::move(closest)}};
}

Json classifier_json(const ClassifierReport& classifier, const Classes& classes, const Pictures& pictures) {
  Json reliability = Json::array();
  for (const ReportReliabilityBin& bin : classifier.reliability) {
    reliability.push_back({{"lower", bin.lower},
                           {"upper", bin.upper},
                           {"count", bin.count},
                           {"confidence", bin.confidence},
                           {"accuracy", bin.accuracy}});
  }
  return {{"basis", classifier.basis},
          {"photos", classifier.photos},
          {"accuracy", classifier.accuracy},
          {"macro_f1", classifier.macro_f1},
          {"ece", classifier.ece},
          {"confusion", confusion_json(classifier, classes, pictures.gallery)},
          {"per_class", per_class_json(classifier, classes)},
          {"reliability", std::move(reliability)},
          {"mistakes", mistakes_json(classifier, classes, pictures.gallery)},
          {"novelty", classifier.novelty ? novelty_json(*classifier.novelty) : Json()}};
}

}  // namespace pomona::report
