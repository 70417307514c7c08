#include "classify/train.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "base/error.h"
#include "classify/lbfgs.h"
#include "classify/softmax_objective.h"

namespace pomona {
namespace {

struct Sample {
  std::vector<float> rows;
  std::vector<uint32_t> labels;
};

Sample sample(size_t n, size_t d, uint32_t classes) {
  std::mt19937 engine(1);
  std::normal_distribution<float> normal;
  Sample result;
  for (size_t r = 0; r < n; ++r) {
    const auto label = static_cast<uint32_t>(engine() % classes);
    result.labels.push_back(label);
    for (size_t i = 0; i < d; ++i)
      result.rows.push_back(normal(engine) + (i % classes == label ? 1.0F : 0.0F));
  }
  return result;
}

TEST(Lbfgs, FindsTheMinimumOfRosenbrocksValley) {
  const Objective valley = [](std::span<const double> x, std::span<double> gradient) {
    const double across = x[1] - x[0] * x[0];
    gradient[0] = -400 * x[0] * across - 2 * (1 - x[0]);
    gradient[1] = 200 * across;
    return 100 * across * across + (1 - x[0]) * (1 - x[0]);
  };
  std::vector<double> x = {-1.2, 1};
  const LbfgsResult result = minimise(valley, x, {.gradient_tolerance = 1e-10});
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(x[0], 1, 1e-9);
  EXPECT_NEAR(x[1], 1, 1e-9);
}

TEST(Lbfgs, EndsWhereTheFunctionIsNotANumber) {
  const Objective broken = [](std::span<const double>, std::span<double> gradient) {
    gradient[0] = 1;
    return std::nan("");
  };
  std::vector<double> x = {3};
  EXPECT_FALSE(minimise(broken, x, {}).converged);
  EXPECT_EQ(x[0], 3);
}

TEST(SoftmaxObjective, HasTheGradientOfItsValue) {
  const Sample data = sample(60, 7, 3);
  const MatrixRows rows(data.rows, 7);
  SoftmaxObjective<double> objective(rows, data.labels, {1, 2, 0.5}, {3, 0.1, 1});
  std::vector<double> x(objective.parameters());
  for (size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<double>(i));
  std::vector<double> gradient(x.size());
  std::vector<double> unused(x.size());
  objective(x, gradient);
  constexpr double kStep = 1e-5;
  for (size_t i = 0; i < x.size(); ++i) {
    auto forward = x;
    auto backward = x;
    forward[i] += kStep;
    backward[i] -= kStep;
    const double slope = (objective(forward, unused) - objective(backward, unused)) / (2 * kStep);
    EXPECT_NEAR(gradient[i], slope, 1e-8);
  }
}

// Hands rows out in copies, as a source that reads files would, and remembers how many at most.
class CountingRows final : public Rows {
 public:
  explicit CountingRows(const Rows& rows) : rows_(rows) {}
  size_t count() const override { return rows_.count(); }
  size_t dimension() const override { return rows_.dimension(); }
  std::span<const float> read(size_t first, size_t n, std::vector<float>& buffer) const override {
    largest = std::max(largest, n);
    std::vector<float> unused;
    const auto rows = rows_.read(first, n, unused);
    buffer.assign(rows.begin(), rows.end());
    return buffer;
  }
  mutable size_t largest = 0;

 private:
  const Rows& rows_;
};

TEST(TrainSoftmax, GivesTheSameBitsFromMemoryAndFromAStream) {
  const Sample data = sample(9000, 5, 3);
  const MatrixRows rows(data.rows, 5);
  const CountingRows stream(rows);
  const SoftmaxModel expected = train_softmax(rows, data.labels, 3, {});
  const SoftmaxModel streamed = train_softmax(stream, data.labels, 3, {});
  EXPECT_EQ(streamed.weights, expected.weights);
  EXPECT_EQ(streamed.intercepts, expected.intercepts);
  EXPECT_LE(stream.largest, 512U);
}

TEST(TrainSoftmax, SaysWhatIsWrong) {
  const Sample data = sample(10, 5, 3);
  const MatrixRows rows(data.rows, 5);
  EXPECT_THROW(train_softmax(MatrixRows({}, 5), {}, 3, {}), Error);
  EXPECT_THROW(train_softmax(rows, std::vector<uint32_t>(9), 3, {}), Error);
  EXPECT_THROW(train_softmax(rows, data.labels, 2, {}), Error);
  EXPECT_THROW(train_softmax(rows, data.labels, 3, {.strength = 0}), Error);
  EXPECT_THROW(SoftmaxClassifier(SoftmaxModel{5, 3, std::vector<float>(14), std::vector<float>(3), 1}),
               Error);
}

}  // namespace
}  // namespace pomona
