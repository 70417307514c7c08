// Limited-memory BFGS (Nocedal and Wright, "Numerical Optimization", 2006, algorithm 7.5) for smooth convex
// functions.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace pomona {

// The value at x; fills the gradient, which is as long as x.
using Objective = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct LbfgsOptions {
  size_t memory = 10;  // pairs of steps and gradient changes that are kept
  size_t max_iterations = 1000;
  double gradient_tolerance = 1e-6;  // ends where no number of the gradient is larger
};

struct LbfgsResult {
  double value = 0;
  size_t iterations = 0;
  size_t evaluations = 0;
  bool converged = false;  // false: out of iterations, or the function's rounding hid any further descent
};

// Moves x to the minimum. The steps satisfy the weak Wolfe conditions, found by bisection (Lewis and Overton,
// 2013). Uses one thread beside what the objective uses; the same calls give the same bits.
LbfgsResult minimise(const Objective& objective, std::vector<double>& x, const LbfgsOptions& options);

}  // namespace pomona
