#include "network/calibrate.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "fixtures.h"
#include "network/quality.h"

namespace pomona::testing {
namespace {

class Calibrate : public ::testing::Test {
 protected:
  Calibration calibrate_small(size_t photos) {
    CalibrationSettings chosen;
    chosen.network.network = save(small_convnet(), folder_.path() / "my.xml");
    chosen.network.mean = {127};
    chosen.network.scale = {128};
    return calibrate(chosen, photos, supply);
  }
  static bool supply(size_t index, std::span<uint8_t> pixels) {
    std::ranges::copy(photo(pixels.size(), static_cast<unsigned>(index)), pixels.begin());
    return index != 3;  // one that cannot be used
  }
  TemporaryFolder folder_;
};

TEST_F(Calibrate, MakesInt8PossibleForANetworkOfTheUsers) {
  const Calibration found = calibrate_small(20);
  EXPECT_EQ(found.measured, 15U);
  EXPECT_EQ(found.held_back, 4U);
  EXPECT_GT(found.cosine_mean, 0.99);
  EXPECT_LE(found.cosine_min, found.cosine_mean);
  std::vector<std::string> names;
  for (const auto& [name, range] : found.ranges) names.push_back(name);
  EXPECT_EQ(names, std::vector<std::string>({"conv2", "relu", "sum"}));
  EXPECT_GE(found.ranges.at("relu").first, 0);

  NetworkSettings chosen = settings((folder_.path() / "my.xml").string(), Precision::int8);
  chosen.mean = {127};
  chosen.scale = {128};
  chosen.ranges = found.ranges;
  const Network int8 = Network::load(chosen);
  chosen.precision = Precision::f32;
  EXPECT_GT(network::cosine(infer_once(int8, 1), infer_once(Network::load(chosen), 1)), 0.99);
}

TEST_F(Calibrate, IsDeterministic) {
  const Calibration one = calibrate_small(10), two = calibrate_small(10);
  EXPECT_EQ(one.ranges, two.ranges);
  EXPECT_EQ(one.cosine_mean, two.cosine_mean);
  EXPECT_EQ(one.layers.back().total_db, two.layers.back().total_db);
}

TEST_F(Calibrate, JudgesEveryLayer) {
  const Calibration found = calibrate_small(10);
  ASSERT_EQ(found.layers.size(), 3U);
  for (const LayerReport& layer : found.layers) {
    EXPECT_GT(layer.own_db, 20) << layer.name;
    EXPECT_LE(layer.total_db, layer.own_db + 1) << layer.name;
    EXPECT_GT(layer.total_db, 15) << layer.name;
  }
}

// It was trained with rounding in it and brings its own ranges: nothing is left to measure, INT8 works at
// once.
TEST_F(Calibrate, FindsNothingToMeasureInAQuantisedNetwork) {
  CalibrationSettings chosen;
  chosen.network.network = kMobileNet;
  EXPECT_EQ(calibration_size(chosen), 224);
  const Calibration found = calibrate(chosen, 5, supply);
  EXPECT_TRUE(found.ranges.empty());
  EXPECT_GT(found.cosine_mean, 0.95);
}

TEST_F(Calibrate, NeedsTwoPhotos) {
  EXPECT_EQ(calibrate_small(2).held_back, 1U);
  EXPECT_THROW(calibrate_small(1), Error);
  EXPECT_THROW(calibrate_small(0), Error);
}

// Values from numpy.quantile.
TEST(Quantile, InterpolatesAsNumpy) {
  std::vector<float> values = {5, 1, 4, 2, 3};
  EXPECT_FLOAT_EQ(network::quantile(values, 0.1), 1.4F);
  EXPECT_FLOAT_EQ(network::quantile(values, 0.99), 4.96F);
  EXPECT_FLOAT_EQ(network::quantile(values, 1), 5);
  EXPECT_FLOAT_EQ(network::quantile(values, 0), 1);
  EXPECT_FLOAT_EQ(network::quantile(values, 0.5), 3);
}

TEST(NoiseRatio, IsInDecibels) {
  network::NoiseRatio ratio;
  const std::vector<float> signal = {10, -10, 10}, rough = {11, -9, 9};
  ratio.add(signal, rough);
  EXPECT_NEAR(ratio.decibels(), 20, 1e-9);
  network::NoiseRatio exact;
  exact.add_rounding(std::vector<float>{0, 51, 255}, {0, 255});
  EXPECT_EQ(exact.decibels(), network::NoiseRatio::kNoError);
}

}  // namespace
}  // namespace pomona::testing
