#include "classify/softmax_objective.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "base/threads.h"
#include "stats/blas.h"

namespace pomona {

namespace {

constexpr size_t kBlockRows = 512;  // float32 sums are this long at most
constexpr size_t kMostParts = 16;

// logits[c] -> weight * (probability[c] - (c == label)), in place; returns weight * log-loss.
template <typename T>
double residual(std::span<T> logits, uint32_t label, double weight) {
  const T largest = *std::ranges::max_element(logits);
  const auto own = static_cast<double>(logits[label] - largest);
  double sum = 0;
  for (T& value : logits) {
    value = std::exp(value - largest);
    sum += static_cast<double>(value);
  }
  const auto factor = static_cast<T>(weight / sum);
  for (T& value : logits) value *= factor;
  logits[label] -= static_cast<T>(weight);
  return weight * (std::log(sum) - own);
}

}  // namespace

template <typename T>
SoftmaxObjective<T>::SoftmaxObjective(const Rows& rows, std::span<const uint32_t> labels,
                                      std::vector<double> class_weights, const Settings& settings)
    : rows_(rows),
      labels_(labels),
      class_weights_(std::move(class_weights)),
      settings_(settings),
      parts_(std::clamp<size_t>(rows.count() / kBlockRows, 1, kMostParts)) {
  for (const uint32_t label : labels) weight_sum_ += class_weights_[label];
}

template <typename T>
double SoftmaxObjective<T>::operator()(std::span<const double> parameters, std::span<double> gradient) {
  const size_t count = settings_.classes * rows_.dimension();
  const std::vector<T> weights(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(count));
  const auto intercepts = parameters.subspan(count);
  parallel_for(settings_.threads, parts_.size(),
               [&](size_t index, size_t) { compute_part(index, weights, intercepts); });
  double loss = 0;
  std::ranges::fill(gradient, 0.0);
  for (const Part& part : parts_) {
    loss += part.loss;
    for (size_t i = 0; i < gradient.size(); ++i) gradient[i] += part.gradient[i];
  }
  loss /= weight_sum_;
  for (double& value : gradient) value /= weight_sum_;
  double squares = 0;
  for (size_t i = 0; i < count; ++i) {
    squares += parameters[i] * parameters[i];
    gradient[i] += settings_.penalty * parameters[i];
  }
  return loss + settings_.penalty * squares / 2;
}

template <typename T>
void SoftmaxObjective<T>::compute_part(size_t index, std::span<const T> weights,
                                       std::span<const double> intercepts) {
  Part& part = parts_[index];
  part.loss = 0;
  part.gradient.assign(parameters(), 0.0);
  const size_t begin = rows_.count() * index / parts_.size();
  const size_t end = rows_.count() * (index + 1) / parts_.size();
  Scratch scratch;
  for (size_t first = begin; first < end; first += kBlockRows) {
    part.loss +=
        add_block(first, std::min(kBlockRows, end - first), weights, intercepts, scratch, part.gradient);
  }
}

template <typename T>
std::span<const T> SoftmaxObjective<T>::read_block(size_t first, size_t n, Scratch& scratch) const {
  const auto rows = rows_.read(first, n, scratch.read);
  if constexpr (std::is_same_v<T, float>) {
    return rows;
  } else {
    scratch.rows.assign(rows.begin(), rows.end());
    return scratch.rows;
  }
}

template <typename T>
double SoftmaxObjective<T>::add_block(size_t first, size_t n, std::span<const T> weights,
                                      std::span<const double> intercepts, Scratch& scratch,
                                      std::vector<double>& gradient) const {
  const size_t d = rows_.dimension();
  const size_t classes = settings_.classes;
  const auto rows = read_block(first, n, scratch);
  scratch.logits.resize(n * classes);
  scratch.gradient.resize(classes * d);
  blas::multiply_transposed(n, classes, d, rows.data(), weights.data(), scratch.logits.data());
  double* by_intercept = &gradient[classes * d];
  double loss = 0;
  for (size_t r = 0; r < n; ++r) {
    const std::span<T> logits = std::span(scratch.logits).subspan(r * classes, classes);
    for (size_t c = 0; c < classes; ++c) logits[c] += static_cast<T>(intercepts[c]);
    const uint32_t label = labels_[first + r];
    loss += residual<T>(logits, label, class_weights_[label]);
    for (size_t c = 0; c < classes; ++c) by_intercept[c] += static_cast<double>(logits[c]);
  }
  blas::transposed_multiply(classes, d, n, scratch.logits.data(), rows.data(), scratch.gradient.data());
  for (size_t i = 0; i < classes * d; ++i) gradient[i] += static_cast<double>(scratch.gradient[i]);
  return loss;
}

template class SoftmaxObjective<float>;
template class SoftmaxObjective<double>;

}  // namespace pomona
