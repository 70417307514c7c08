#include "stats/scaler.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"

namespace pomona {
namespace {

// scikit-learn's rule (_is_constant_feature): the variance is within the error bound of the two-pass
// algorithm, from Chan, Golub and LeVeque, "Algorithms for computing the sample variance" (1983).
bool is_constant(double variance, double mean, double n) {
  constexpr double eps = std::numeric_limits<double>::epsilon();
  const double offset = n * mean * eps;
  return variance <= n * eps * variance + offset * offset;
}

StandardScaler fit(uint64_t count, std::span<const double> mean, std::span<const double> squares) {
  if (count == 0) {
    throw Error(ErrorCode::no_data, "scaler", "", "there are no photos to fit the scaler on",
                "check that the source holds photos and that not all of them were rejected");
  }
  const auto n = static_cast<double>(count);
  StandardScaler scaler;
  scaler.mean.assign(mean.begin(), mean.end());
  for (size_t i = 0; i < mean.size(); ++i) {
    const double variance = squares[i] / n;
    scaler.variance.push_back(variance);
    scaler.scale.push_back(is_constant(variance, mean[i], n) ? 1.0 : std::sqrt(variance));
  }
  return scaler;
}

// out = operation(x, mean, scale) for every number of every row.
template <typename T, typename Operation>
void for_rows(const StandardScaler& scaler, std::span<const T> rows, std::span<T> out,
              const Operation& operation) {
  const size_t d = scaler.mean.size();
  if (d == 0 || rows.size() % d != 0 || out.size() != rows.size()) {
    throw Error(ErrorCode::mismatch, "scaler", "",
                with_commas(rows.size()) + " numbers are not whole vectors of " + with_commas(d) +
                    ", or the result has another size");
  }
  for (size_t r = 0; r < rows.size(); r += d) {
    for (size_t i = 0; i < d; ++i) {
      out[r + i] =
          static_cast<T>(operation(static_cast<double>(rows[r + i]), scaler.mean[i], scaler.scale[i]));
    }
  }
}

double scaled(double x, double mean, double scale) { return (x - mean) / scale; }
double unscaled(double x, double mean, double scale) { return x * scale + mean; }

}  // namespace

StandardScaler fit_scaler(const Moments& moments) {
  return fit(moments.count(), moments.mean(), moments.diagonal());
}
StandardScaler fit_scaler(const Variances& variances) {
  return fit(variances.count(), variances.mean(), variances.squares());
}

void scale(const StandardScaler& scaler, std::span<const float> rows, std::span<float> out) {
  for_rows(scaler, rows, out, scaled);
}
void scale(const StandardScaler& scaler, std::span<const double> rows, std::span<double> out) {
  for_rows(scaler, rows, out, scaled);
}
void unscale(const StandardScaler& scaler, std::span<const float> rows, std::span<float> out) {
  for_rows(scaler, rows, out, unscaled);
}
void unscale(const StandardScaler& scaler, std::span<const double> rows, std::span<double> out) {
  for_rows(scaler, rows, out, unscaled);
}

}  // namespace pomona
