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

struct Kernel {
  std::shared_ptr<op::Constant> numbers;  // i8 in a quantised network
  std::vector<float> factors;             // of the output channels; none in a float network
  size_t inputs;                          // channels that one output channel reads
  size_t area;
};

// Of all convolutions, in order.
std::vector<Kernel> kernels(const Network& network) {
  std::vector<Kernel> found;
  for (const auto& node : network.state()->model->get_ordered_ops()) {
    const bool grouped = ov::is_type<op::GroupConvolution>(node);
    if (!grouped && !ov::is_type<op::Convolution>(node)) continue;
    Kernel kernel;
    auto source = node->get_input_node_shared_ptr(1);
    if (ov::is_type<op::Multiply>(source)) {
      kernel.factors =
          ov::as_type_ptr<op::Constant>(source->get_input_node_shared_ptr(1))->cast_vector<float>();
      source = source->get_input_node_shared_ptr(0)->get_input_node_shared_ptr(0);
    }
    kernel.numbers = ov::as_type_ptr<op::Constant>(source);
    const ov::Shape& shape = kernel.numbers->get_shape();
    kernel.inputs = shape[grouped ? 2 : 1];
    kernel.area = shape[shape.size() - 2] * shape.back();
    found.push_back(std::move(kernel));
  }
  return found;
}

// The largest sum of two weights of one sign that vpmaddubsw takes at once: those of an even input channel
// and the next.
int largest_pair(const Kernel& kernel) {
  const auto weights = kernel.numbers->cast_vector<int>();
  int largest = 0;
  for (size_t first = 0; first < weights.size(); first += kernel.inputs * kernel.area) {
    for (size_t input = 0; input + 1 < kernel.inputs; input += 2) {
      for (size_t at = first + input * kernel.area; at < first + (input + 1) * kernel.area; ++at) {
        const int one = weights[at], other = weights[at + kernel.area];
        if ((one > 0) == (other > 0)) largest = std::max(largest, std::abs(one + other));
      }
    }
  }
  return largest;
}

TEST_F(Quantize, KeepsSumsOfTwoProductsInSixteenBits) {
  for (const char* network : {"efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2"}) {
    int largest = 0;
    for (const Kernel& kernel : kernels(Network::load(settings(network, Precision::int8)))) {
      EXPECT_EQ(kernel.numbers->get_element_type(), ov::element::i8);
      largest = std::max(largest, largest_pair(kernel));
    }
    EXPECT_GT(largest, 120) << network;
    EXPECT_LE(255 * largest, std::numeric_limits<int16_t>::max()) << network;
  }
}

TEST_F(Quantize, KeepsTheSumOfAChannelsWeights) {
  const auto exact = kernels(Network::load(settings(kDefaultNetwork, Precision::f32)));
  const auto rounded = kernels(Network::load(settings(kDefaultNetwork, Precision::int8)));
  ASSERT_EQ(exact.size(), rounded.size());
  for (size_t i = 0; i < exact.size(); ++i) {
    const auto floats = exact[i].numbers->cast_vector<float>();
    const auto steps = rounded[i].numbers->cast_vector<float>();
    const size_t per_channel = exact[i].inputs * exact[i].area;
    for (size_t channel = 0; channel < rounded[i].factors.size(); ++channel) {
      double lost = 0;
      for (size_t at = channel * per_channel; at < (channel + 1) * per_channel; ++at) {
        const double error = static_cast<double>(floats[at]) / rounded[i].factors[channel] - steps[at];
        EXPECT_LT(std::abs(error), 1.001);
        lost += error;
      }
      EXPECT_LT(std::abs(lost), 0.51) << "convolution " << i << ", channel " << channel;
    }
  }
}

std::shared_ptr<ov::Node> average(const ov::Output<ov::Node>& x, const ov::Shape& kernel) {
  const std::vector<float> equal(ov::shape_size(kernel),
                                 static_cast<float>(kernel[0]) / static_cast<float>(ov::shape_size(kernel)));
  return std::make_shared<op::Convolution>(x, op::Constant::create(ov::element::f32, kernel, equal),
                                           ov::Strides{1, 1}, ov::CoordinateDiff{0, 0},
                                           ov::CoordinateDiff{0, 0}, ov::Strides{1, 1});
}

// A white photo and weights that are all alike: where sums of products saturate, it shows here.
TEST_F(Quantize, SumsTheLargestProductsRight) {
  auto image = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{1, 3, 32, 32});
  auto wide = std::make_shared<op::Clamp>(average(image, {16, 3, 1, 1}), 0, 1);
  auto axes = op::Constant::create(ov::element::i64, {2}, {2, 3});
  auto pool = std::make_shared<op::ReduceMean>(average(wide, {4, 16, 3, 3}), axes, false);
  auto logits = std::make_shared<op::MatMul>(pool, weights({4, 2}, 4));
  const auto model =
      std::make_shared<ov::Model>(ov::OutputVector{logits}, ov::ParameterVector{image}, "white");
  NetworkSettings chosen = settings(save(model, folder_.path() / "white.xml"), Precision::int8);
  chosen.mean = {0};
  chosen.scale = {255};
  CompiledNetwork compiled(Network::load(chosen), 1);
  auto session = compiled.session();
  const std::vector<uint8_t> white(session.input().size(), 255);
  for (const float value : infer(session, white)) EXPECT_NEAR(value, 1, 0.01);
}

TEST_F(Quantize, StaysNearFloat) {
  for (const std::string& source : {std::string(kDefaultNetwork), kMobileNet}) {
    const auto exact = infer_once(Network::load(settings(source, Precision::f32)), 1);
    const auto int8 = infer_once(Network::load(settings(source, Precision::int8)), 1);
    EXPECT_GT(network::cosine(exact, int8), 0.98) << source;
    EXPECT_NE(exact, int8);
  }
}

}  // namespace
}  // namespace pomona::testing
