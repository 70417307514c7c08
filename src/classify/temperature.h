// Temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017).
#pragma once

#include <cstdint>
#include <span>

namespace pomona {

// The T that minimises the mean log-loss of softmax(logits / T) on rows that the model has not learnt from;
// between 1/100 and 100. `logits` holds labels.size() rows. Throws Error: no_data where there are no rows.
double fit_temperature(std::span<const float> logits, std::span<const uint32_t> labels);

}  // namespace pomona
