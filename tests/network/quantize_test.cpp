#include "network/quantize.h"

#include <gtest/gtest.h>

#include "fixtures.h"
#include "network/quality.h"
#include "network/state.h"

namespace pomona::testing {
namespace {

class Quantize : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(Quantize, PutsAStepOnZero) {
  EXPECT_EQ(network::with_exact_zero({0, 6}), std::pair(0.0F, 6.0F));
  EXPECT_EQ(network::with_exact_zero({2, 6}), std::pair(0.0F, 6.0F));
  EXPECT_EQ(network::with_exact_zero({-127.0F / 128, 1}), std::pair(-127.0F / 128, 1.0F));
  for (const auto& range : {std::pair(-1.0F, 3.3F), std::pair(-31.8F, 35.6F), std::pair(-5.0F, -1.0F)}) {
    const auto [low, high] = network::with_exact_zero(range);
    const double zero = -static_cast<double>(low) * 255 / (static_cast<double>(high) - low);
    EXPECT_NEAR(zero, std::round(zero), 1e-4);
    EXPECT_NEAR(low, range.first, (high - low) / 255);
  }
}

TEST_F(Quantize, FindsInputsOfConvolutionsAndTermsOfSums) {
  const auto model = small_convnet();
  std::vector<std::string> names;
  for (const auto& site : network::find_sites(*model, {0, 255})) names.push_back(site.name);
  EXPECT_EQ(names, std::vector<std::string>({"image", "relu", "conv2", "sum"}));
}

// What OpenVINO says of every convolution that it will run.
std::vector<std::string> convolution_kinds(const Network& network) {
  const auto& state = *network.state();
  const auto model =
      state.core->compile_model(state.model, "CPU", ov::hint::inference_precision(ov::element::f32));
  std::vector<std::string> kinds;
  for (const auto& node : model.get_runtime_model()->get_ops()) {
    const auto& info = node->get_rt_info();
    if (info.contains("layerType") && info.at("layerType").as<std::string>() == "Convolution")
      kinds.push_back(info.at("primitiveType").as<std::string>());
  }
  return kinds;
}

TEST_F(Quantize, LeavesNoConvolutionInFloat) {
  const std::vector<std::pair<std::string, size_t>> expected = {
      {"efficientnet-lite0", 49}, {"efficientnet-lite1", 64}, {"efficientnet-lite2", 64}, {kMobileNet, 52}};
  for (const auto& [source, count] : expected) {
    const auto kinds = convolution_kinds(Network::load(settings(source, Precision::int8)));
    EXPECT_EQ(kinds.size(), count) << source;
    for (const std::string& kind : kinds) EXPECT_TRUE(kind.ends_with("_I8")) << source << ": " << kind;
  }
}

TEST_F(Quantize, StaysNearFloat) {
  for (const std::string& source : {std::string(kDefaultNetwork), kMobileNet}) {
    const auto exact = infer_once(Network::load(settings(source, Precision::f32)), 1);
    const auto int8 = infer_once(Network::load(settings(source, Precision::int8)), 1);
    EXPECT_GT(network::cosine(exact, int8), 0.95) << source;
    EXPECT_NE(exact, int8);
  }
}

}  // namespace
}  // namespace pomona::testing
