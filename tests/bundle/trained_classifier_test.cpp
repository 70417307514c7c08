#include "bundle/trained_classifier.h"

#include <limits>

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona {
namespace {

constexpr size_t kClasses = 2;
constexpr size_t kComponents = 3;

TrainedClassifier example() {
  TrainedClassifier classifier;
  classifier.unknown = "not-fruit";
  classifier.model.softmax = {kComponents, kClasses, {0.1F, -2, 3, 4, 5, 6}, {0.25F, -0.5F}, 1.5};
  classifier.model.residual_weight = 0.75;
  classifier.model.thresholds = {12.5, 0.4, 0.05};
  classifier.held_back.photos = 10;
  classifier.held_back.accuracy = 0.9;
  classifier.held_back.unknown = UnknownFigures{4, 0.99, 0.75};
  return classifier;
}

Tensors tensors_of(const TrainedClassifier& classifier) {
  Tensors tensors;
  add_tensors(classifier.model, tensors);
  return tensors;
}

TrainedClassifier read(const nlohmann::json& block, const Tensors& tensors) {
  return read_classifier(block, tensors, kClasses, kComponents, "test");
}

ErrorCode code_of(const nlohmann::json& block, const Tensors& tensors) {
  try {
    read(block, tensors);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::internal;
}

TEST(TrainedClassifier, SurvivesTheBundleToTheLastBit) {
  const auto before = example();
  const auto after = read(describe(before), tensors_of(before));
  EXPECT_EQ(after.model.softmax.weights, before.model.softmax.weights);
  EXPECT_EQ(after.model.softmax.intercepts, before.model.softmax.intercepts);
  EXPECT_EQ(after.model.softmax.temperature, before.model.softmax.temperature);
  EXPECT_EQ(after.model.residual_weight, before.model.residual_weight);
  EXPECT_EQ(after.model.thresholds.novelty, before.model.thresholds.novelty);
  EXPECT_EQ(after.model.thresholds.probability, before.model.thresholds.probability);
  EXPECT_EQ(after.unknown, before.unknown);
  EXPECT_EQ(describe(after), describe(before));
}

TEST(TrainedClassifier, RefusesMissingTensorsAndWrongShapes) {
  const auto block = describe(example());
  for (const auto& [name, tensor] : tensors_of(example())) {
    auto tensors = tensors_of(example());
    tensors.erase(name);
    EXPECT_EQ(code_of(block, tensors), ErrorCode::corrupt) << name;
    tensors[name] = {{tensor.values.size() + 1}, std::vector<double>(tensor.values.size() + 1)};
    EXPECT_EQ(code_of(block, tensors), ErrorCode::corrupt) << name;
  }
}

TEST(TrainedClassifier, RefusesNumbersThatNoTrainingGives) {
  const auto block = describe(example());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [name, tensor] : tensors_of(example())) {
    for (const double value : {nan, std::numeric_limits<double>::infinity()}) {
      auto tensors = tensors_of(example());
      tensors[name].values.back() = value;
      EXPECT_EQ(code_of(block, tensors), ErrorCode::corrupt) << name << " " << value;
    }
  }
  auto tensors = tensors_of(example());
  tensors["classifier.temperature"].values = {0};
  EXPECT_EQ(code_of(block, tensors), ErrorCode::corrupt);
  tensors = tensors_of(example());
  tensors["classifier.weights"].values[0] = 1e300;  // no float32
  EXPECT_EQ(code_of(block, tensors), ErrorCode::corrupt);
}

TEST(TrainedClassifier, RefusesOtherVersions) {
  auto block = describe(example());
  block["version"] = kClassifierVersion + 1;
  EXPECT_EQ(code_of(block, tensors_of(example())), ErrorCode::mismatch);
  block = describe(example());
  block["kind"] = "forest";
  EXPECT_EQ(code_of(block, tensors_of(example())), ErrorCode::mismatch);
}

TrainedClassifier neighbours() {
  TrainedClassifier classifier = example();
  classifier.model.softmax = {kComponents, kClasses, {}, {}, 1.5};
  classifier.model.neighbours =
      NeighbourModel{kComponents, kClasses, 2, {1, 2, 3, -4, 5, 6.5F, 7, 8, 9}, {0, 1, 1}};
  classifier.held_back.neighbours = 2;
  return classifier;
}

TEST(TrainedClassifier, NeighboursSurviveTheBundleToTheLastBit) {
  const auto before = neighbours();
  const auto after = read(describe(before), tensors_of(before));
  ASSERT_TRUE(after.model.neighbours);
  EXPECT_EQ(after.model.neighbours->rows, before.model.neighbours->rows);
  EXPECT_EQ(after.model.neighbours->labels, before.model.neighbours->labels);
  EXPECT_EQ(after.model.neighbours->neighbours, 2U);
  EXPECT_EQ(after.model.softmax.temperature, 1.5);
  EXPECT_EQ(describe(after), describe(before));
  EXPECT_EQ(describe(before)["version"], kNeighboursVersion);  // older programs must refuse it
}

TEST(TrainedClassifier, RefusesNeighboursThatDoNotFit) {
  const auto block = describe(neighbours());
  for (const char* name : {"classifier.rows", "classifier.labels", "classifier.neighbours"}) {
    auto tensors = tensors_of(neighbours());
    tensors.erase(name);
    EXPECT_EQ(code_of(block, tensors), ErrorCode::corrupt) << name;
  }
  const auto with = [&](const char* name, const Tensor& tensor) {
    auto tensors = tensors_of(neighbours());
    tensors[name] = tensor;
    return code_of(block, tensors);
  };
  EXPECT_EQ(with("classifier.labels", {{3}, {0, 1, 2}}), ErrorCode::corrupt);  // there are two classes
  EXPECT_EQ(with("classifier.labels", {{3}, {0, 0.5, 1}}), ErrorCode::corrupt);
  EXPECT_EQ(with("classifier.labels", {{2}, {0, 1}}), ErrorCode::corrupt);
  EXPECT_EQ(with("classifier.neighbours", {{1}, {4}}), ErrorCode::corrupt);  // of three photos
  EXPECT_EQ(with("classifier.neighbours", {{1}, {0}}), ErrorCode::corrupt);
  EXPECT_EQ(with("classifier.rows", {{0, kComponents}, {}}), ErrorCode::corrupt);
  EXPECT_EQ(with("classifier.rows", {{3, 2}, {1, 2, 3, 4, 5, 6}}), ErrorCode::corrupt);
}

}  // namespace
}  // namespace pomona
