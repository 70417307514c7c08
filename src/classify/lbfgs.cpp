#include "classify/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

#include "stats/blas.h"

namespace pomona {
namespace {

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return blas::dot(a.size(), a.data(), b.data());
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

void add(std::vector<double>& to, double factor, const std::vector<double>& values) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += factor * values[i];
}

// A step and the change of the gradient along it.
struct Pair {
  std::vector<double> step;
  std::vector<double> change;
  double curvature;  // step . change
};

// -H * gradient, by the two-loop recursion.
std::vector<double> direction(const std::deque<Pair>& pairs, const std::vector<double>& gradient) {
  std::vector<double> result(gradient);
  std::vector<double> alphas(pairs.size());
  for (size_t i = pairs.size(); i-- > 0;) {
    alphas[i] = dot(pairs[i].step, result) / pairs[i].curvature;
    add(result, -alphas[i], pairs[i].change);
  }
  const double scale = pairs.empty() ? 1 / std::max(1.0, std::sqrt(dot(gradient, gradient)))
                                     : pairs.back().curvature / dot(pairs.back().change, pairs.back().change);
  for (double& value : result) value *= scale;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const double beta = dot(pairs[i].change, result) / pairs[i].curvature;
    add(result, alphas[i] - beta, pairs[i].step);
  }
  for (double& value : result) value = -value;
  return result;
}

struct Point {
  std::vector<double> x;
  std::vector<double> gradient;
  double value;
};

// A point along `towards` that lowers the value enough and flattens the slope enough; `evaluations` counts
// the trials.
bool line_search(const Objective& objective, const Point& from, const std::vector<double>& towards, Point& to,
                 size_t& evaluations) {
  constexpr double kDecrease = 1e-4;
  constexpr double kCurvature = 0.9;
  constexpr int kTrials = 30;
  const double slope = dot(from.gradient, towards);
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  double step = 1;
  for (int trial = 0; trial < kTrials; ++trial) {
    to.x = from.x;
    add(to.x, step, towards);
    to.value = objective(to.x, to.gradient);
    ++evaluations;
    if (!(to.value <= from.value + kDecrease * step * slope)) {  // also where it is not a number
      high = step;
    } else if (dot(to.gradient, towards) < kCurvature * slope) {
      low = step;
    } else {
      return true;
    }
    step = std::isinf(high) ? 2 * low : (low + high) / 2;
  }
  return false;
}

}  // namespace

LbfgsResult minimise(const Objective& objective, std::vector<double>& x, const LbfgsOptions& options) {
  LbfgsResult result;
  Point at{x, std::vector<double>(x.size()), 0};
  Point next{x, std::vector<double>(x.size()), 0};
  at.value = objective(at.x, at.gradient);
  result.evaluations = 1;
  std::deque<Pair> pairs;
  while (result.iterations < options.max_iterations) {
    result.converged = largest(at.gradient) <= options.gradient_tolerance;
    if (result.converged) break;
    if (!line_search(objective, at, direction(pairs, at.gradient), next, result.evaluations)) {
      if (pairs.empty()) break;
      pairs.clear();  // once more, straight downhill
      continue;
    }
    Pair pair{next.x, next.gradient, 0};
    add(pair.step, -1, at.x);
    add(pair.change, -1, at.gradient);
    pair.curvature = dot(pair.step, pair.change);
    if (pair.curvature > 0) pairs.push_back(std::move(pair));
    if (pairs.size() > options.memory) pairs.pop_front();
    std::swap(at, next);
    ++result.iterations;
  }
  result.value = at.value;
  x = std::move(at.x);
  return result;
}

}  // namespace pomona
