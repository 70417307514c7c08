#include "bundle/trained_classifier.h"

#include <cmath>

#include "base/error.h"
#include "bundle/tensor_reader.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

constexpr const char* kKind = "softmax-regression";
constexpr const char* kNeighbours = "nearest-neighbours";
constexpr const char* kNovelty = "virtual-logit-matching";

Tensor scalar_of(double value) { return {{1}, {value}}; }
Tensor tensor_of(std::vector<uint64_t> shape, const std::vector<float>& values) {
  return {std::move(shape), {values.begin(), values.end()}};
}

bool is_whole(double value, double low, double high) {
  return value >= low && value <= high && value == std::floor(value);
}

NeighbourModel read_neighbours(const TensorReader& reader, size_t classes, size_t components) {
  const Tensor& rows = reader.find("classifier.rows");
  if (rows.shape.size() != 2 || rows.shape[0] == 0) reader.fail("it holds no photos to compare with");
  const uint64_t count = rows.shape[0];
  NeighbourModel model{
      components, classes, 0, reader.finite_floats("classifier.rows", {count, components}), {}};
  model.labels.reserve(count);
  for (const double label : reader.get("classifier.labels", {count})) {
    if (!is_whole(label, 0, static_cast<double>(classes) - 1)) reader.fail("a label is none of its classes");
    model.labels.push_back(static_cast<uint32_t>(label));
  }
  const double neighbours = reader.scalar("classifier.neighbours");
  if (!is_whole(neighbours, 1, static_cast<double>(count)))
    reader.fail("it has fewer photos than neighbours");
  model.neighbours = static_cast<size_t>(neighbours);
  return model;
}

void add_neighbours(const NeighbourModel& model, Tensors& tensors) {
  tensors["classifier.rows"] = tensor_of({model.labels.size(), model.dimension}, model.rows);
  tensors["classifier.labels"] = {{model.labels.size()}, {model.labels.begin(), model.labels.end()}};
  tensors["classifier.neighbours"] = scalar_of(static_cast<double>(model.neighbours));
}

CrossValidation read_figures(const Json& json) {
  CrossValidation figures;
  figures.photos = json.at("photos").get<uint64_t>();
  figures.groups = json.at("groups").get<uint64_t>();
  figures.named_groups = json.at("named_groups").get<bool>();
  figures.strength = json.at("strength").get<double>();
  figures.neighbours = json.value("neighbours", uint64_t{0});
  figures.accuracy = json.at("accuracy").get<double>();
  figures.log_loss = json.at("log_loss").get<double>();
  figures.false_rejection = json.at("false_rejection").get<double>();
  figures.uncertain = json.at("uncertain").get<double>();
  if (const Json& unknown = json.at("unknown"); !unknown.is_null()) {
    figures.unknown = UnknownFigures{unknown.at("photos").get<uint64_t>(), unknown.at("auroc").get<double>(),
                                     unknown.at("true_rejection").get<double>()};
  }
  return figures;
}

}  // namespace

Json describe(const CrossValidation& figures) {
  Json unknown = nullptr;
  if (figures.unknown) {
    unknown = {{"photos", figures.unknown->photos},
               {"auroc", figures.unknown->auroc},
               {"true_rejection", figures.unknown->true_rejection}};
  }
  Json json = {{"photos", figures.photos},
               {"groups", figures.groups},
               {"named_groups", figures.named_groups},
               {"strength", figures.strength},
               {"accuracy", figures.accuracy},
               {"log_loss", figures.log_loss},
               {"false_rejection", figures.false_rejection},
               {"uncertain", figures.uncertain},
               {"unknown", unknown}};
  if (figures.neighbours > 0) json["neighbours"] = figures.neighbours;
  return json;
}

Json describe(const TrainedClassifier& classifier) {
  const bool neighbours = classifier.model.neighbours.has_value();
  return {{"version", neighbours ? kNeighboursVersion : kClassifierVersion},
          {"kind", neighbours ? kNeighbours : kKind},
          {"novelty", kNovelty},
          {"unknown", classifier.unknown},
          {"cross_validation", describe(classifier.held_back)}};
}

void add_tensors(const Classifier& classifier, Tensors& tensors) {
  const SoftmaxModel& softmax = classifier.softmax;
  if (classifier.neighbours) {
    add_neighbours(*classifier.neighbours, tensors);
  } else {
    tensors["classifier.weights"] = tensor_of({softmax.classes, softmax.dimension}, softmax.weights);
    tensors["classifier.intercepts"] = tensor_of({softmax.classes}, softmax.intercepts);
  }
  tensors["classifier.temperature"] = scalar_of(softmax.temperature);
  tensors["classifier.residual_weight"] = scalar_of(classifier.residual_weight);
  tensors["classifier.novelty_threshold"] = scalar_of(classifier.thresholds.novelty);
  tensors["classifier.probability_threshold"] = scalar_of(classifier.thresholds.probability);
  tensors["classifier.false_rejection"] = scalar_of(classifier.thresholds.false_rejection);
}

TrainedClassifier read_classifier(const Json& block, const Tensors& tensors, size_t classes,
                                  size_t components, const std::string& object) {
  const TensorReader reader(tensors, object);
  const bool neighbours = block.at("version") == kNeighboursVersion && block.at("kind") == kNeighbours;
  const bool regression = block.at("version") == kClassifierVersion && block.at("kind") == kKind;
  if (!(neighbours || regression) || block.at("novelty") != kNovelty) {
    throw Error(ErrorCode::mismatch, "bundle", object,
                "its classifier, " + block.at("kind").dump() + ", is of version " +
                    block.at("version").dump() + "; this program (" + kVersion + ") reads version " +
                    std::to_string(kClassifierVersion) + " of " + kKind + " and " +
                    std::to_string(kNeighboursVersion) + " of " + kNeighbours,
                "train it again: `pomona train OUT`");
  }
  TrainedClassifier result{
      {}, block.at("unknown").get<std::string>(), read_figures(block.at("cross_validation"))};
  SoftmaxModel& softmax = result.model.softmax;
  softmax.dimension = components;
  softmax.classes = classes;
  if (neighbours) {
    result.model.neighbours = read_neighbours(reader, classes, components);
  } else {
    softmax.weights = reader.finite_floats("classifier.weights", {classes, components});
    softmax.intercepts = reader.finite_floats("classifier.intercepts", {classes});
  }
  softmax.temperature = reader.scalar("classifier.temperature");
  result.model.residual_weight = reader.scalar("classifier.residual_weight");
  Thresholds& thresholds = result.model.thresholds;
  thresholds.novelty = reader.scalar("classifier.novelty_threshold");
  thresholds.probability = reader.scalar("classifier.probability_threshold");
  thresholds.false_rejection = reader.scalar("classifier.false_rejection");
  if (classes == 0 || softmax.temperature <= 0 || result.model.residual_weight < 0 ||
      thresholds.false_rejection < 0 || thresholds.false_rejection > 1) {
    reader.fail("its classifier holds a number that is out of range");
  }
  return result;
}

}  // namespace pomona
