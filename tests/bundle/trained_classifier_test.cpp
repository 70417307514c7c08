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

}  // namespace
}  // namespace pomona
