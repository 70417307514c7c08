// The function that training minimises: the mean log-loss with an L2 penalty, and its gradient.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "classify/rows.h"

namespace pomona {

// Parameters are the weights, classes rows of `dimension`, then the intercepts. The rows are cut into a fixed
// number of parts that threads share out; each part is summed in float64 block by block and the parts are
// summed in their order, so that the number of threads changes no bit.
template <typename T>
class SoftmaxObjective {
 public:
  struct Settings {
    size_t classes;
    double penalty;  // of |weights|^2 / 2, beside the mean loss
    size_t threads;
  };

  // row_weights[label] is the weight of a row of that class.
  SoftmaxObjective(const Rows& rows, std::span<const uint32_t> labels, std::vector<double> class_weights,
                   const Settings& settings);

  size_t parameters() const { return settings_.classes * (rows_.dimension() + 1); }
  double operator()(std::span<const double> parameters, std::span<double> gradient);

 private:
  // A thread's memory for one part.
  struct Scratch {
    std::vector<float> read;
    std::vector<T> rows;
    std::vector<T> logits;    // rows of a block x classes, then the residuals
    std::vector<T> gradient;  // classes x dimension, of one block
  };
  struct Part {
    double loss = 0;
    std::vector<double> gradient;
  };
  void compute_part(size_t index, std::span<const T> weights, std::span<const double> intercepts);
  double add_block(size_t first, size_t n, std::span<const T> weights, std::span<const double> intercepts,
                   Scratch& scratch, std::vector<double>& gradient) const;

  std::span<const T> read_block(size_t first, size_t n, Scratch& scratch) const;

  const Rows& rows_;
  std::span<const uint32_t> labels_;
  std::vector<double> class_weights_;
  Settings settings_;
  double weight_sum_ = 0;
  std::vector<Part> parts_;
};

extern template class SoftmaxObjective<float>;
extern template class SoftmaxObjective<double>;

}  // namespace pomona
