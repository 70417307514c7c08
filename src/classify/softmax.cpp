#include "classify/softmax.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace pomona {
namespace {

size_t checked_dimension(const SoftmaxModel& model) {
  if (model.dimension == 0 || model.classes == 0 || model.weights.size() != model.dimension * model.classes ||
      model.intercepts.size() != model.classes || !(model.temperature > 0)) {
    throw Error(ErrorCode::corrupt, "classifier", "", "its weights do not fit its dimension and classes",
                "train it again");
  }
  return model.dimension;
}

}  // namespace

void softmax(std::span<const float> logits, double temperature, std::span<double> probabilities) {
  const double largest = static_cast<double>(*std::ranges::max_element(logits));
  double sum = 0;
  for (size_t c = 0; c < logits.size(); ++c) {
    probabilities[c] = std::exp((static_cast<double>(logits[c]) - largest) / temperature);
    sum += probabilities[c];
  }
  for (double& value : probabilities) value /= sum;
}

SoftmaxClassifier::SoftmaxClassifier(const SoftmaxModel& model)
    : affine_(
          checked_dimension(model), model.classes,
          [&](size_t c, size_t i) { return static_cast<double>(model.weights[c * model.dimension + i]); }),
      temperature_(model.temperature) {
  for (size_t c = 0; c < model.classes; ++c) affine_.set_bias(c, static_cast<double>(model.intercepts[c]));
}

void SoftmaxClassifier::probabilities(std::span<const float> rows, std::span<double> out) const {
  const size_t n = rows.size() / dimension();
  std::vector<float> values(n * classes());
  logits(rows, values);
  for (size_t r = 0; r < n; ++r) {
    softmax(std::span(values).subspan(r * classes(), classes()), temperature_,
            out.subspan(r * classes(), classes()));
  }
}

}  // namespace pomona
