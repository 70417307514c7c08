#include "bundle/feature_answers.h"

#include "base/error.h"

namespace pomona {
namespace {

const Classifier& classifier_of(const Bundle& bundle) {
  if (!bundle.classifier) {
    throw Error(ErrorCode::mismatch, "classify", "bundle", "it holds no classifier",
                "train one: `pomona train OUT`, with photos of at least two labels");
  }
  return bundle.classifier->model;
}

}  // namespace

FeatureAnswers::FeatureAnswers(const Bundle& bundle)
    : projection_(&bundle.scaler, bundle.pca), machine_(&bundle.scaler, bundle.pca, classifier_of(bundle)) {}

std::vector<Answer> FeatureAnswers::answer(std::span<const float> features, size_t top,
                                           std::span<double> probabilities) const {
  std::vector<float> reduced(features.size() / dimension() * projection_.k());
  projection_.apply(features, reduced);
  return machine_.answer(features, reduced, top, probabilities);
}

}  // namespace pomona
