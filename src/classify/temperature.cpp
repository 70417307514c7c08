#include "classify/temperature.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace pomona {
namespace {

// The slope of the log-loss by 1/T: the mean logit under the model minus the logit of the label, summed over
// the rows. The loss is convex in 1/T, so the slope rises with it.
double slope(std::span<const float> logits, std::span<const uint32_t> labels, double inverse) {
  const size_t classes = logits.size() / labels.size();
  double total = 0;
  for (size_t r = 0; r < labels.size(); ++r) {
    const auto row = logits.subspan(r * classes, classes);
    const double largest = static_cast<double>(*std::ranges::max_element(row));
    double sum = 0;
    double weighted = 0;
    for (const float logit : row) {
      const double below = static_cast<double>(logit) - largest;
      const double weight = std::exp(inverse * below);
      sum += weight;
      weighted += weight * below;
    }
    total += weighted / sum - (static_cast<double>(row[labels[r]]) - largest);
  }
  return total;
}

}  // namespace

double fit_temperature(std::span<const float> logits, std::span<const uint32_t> labels) {
  if (labels.empty()) throw Error(ErrorCode::no_data, "calibration", "", "no photos were held back");
  double low = std::log(0.01);
  double high = std::log(100.0);
  for (int step = 0; step < 60; ++step) {  // halves the interval to the last bits
    const double middle = (low + high) / 2;
    (slope(logits, labels, std::exp(middle)) < 0 ? low : high) = middle;
  }
  return std::exp(-(low + high) / 2);
}

}  // namespace pomona
