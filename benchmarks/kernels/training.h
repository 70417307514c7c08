// The cost of training a classifier on rows that are made up.
#pragma once

#include <cstddef>

#include <nlohmann/json.hpp>

namespace pomona::bench {

// Cross-validation, training and thresholds over `rows` reduced vectors of 500 numbers in 33 classes, kept as
// the job keeps them: beyond 64 MB in a temporary file. One run; making the rows is not counted.
nlohmann::json train_classifier(size_t rows, size_t threads);

}  // namespace pomona::bench
