#include <fstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "fixtures.h"

namespace pomona::testing {
namespace {

using ::testing::Test;

class Load : public Test {
 protected:
  Network load(const std::shared_ptr<ov::Model>& model, const NetworkSettings& base = {}) {
    NetworkSettings chosen = base;
    chosen.network = save(model, folder_.path() / "my.xml");
    chosen.precision = Precision::f32;
    return Network::load(chosen);
  }
  std::string error_of(const NetworkSettings& chosen) {
    return message_of([&] { Network::load(chosen); });
  }
  TemporaryFolder folder_;
};

TEST_F(Load, GivesEveryBuiltinNetworkItsOwnSizeAndNormalisation) {
  const std::vector<int> sizes = {224, 240, 260};
  for (size_t i = 0; i < sizes.size(); ++i) {
    const Network network = Network::load(settings(builtin_networks().at(i), Precision::int8));
    EXPECT_EQ(network.size(), sizes[i]);
    EXPECT_EQ(network.dimension(), 1280);
    EXPECT_EQ(network.output_layer(), "features");
    EXPECT_EQ(network.mean(), std::vector<float>({127, 127, 127}));
    EXPECT_EQ(network.scale(), std::vector<float>({128, 128, 128}));
    EXPECT_GT(network.ranges().size(), 50U);
  }
}

TEST_F(Load, EndsAtTheInputOfTheLastFullyConnectedLayer) {
  const Network network = load(small_convnet());
  EXPECT_EQ(network.output_layer(), "pool");
  EXPECT_EQ(network.dimension(), 16);
}

TEST_F(Load, ReadsMobileNetAsItIs) {
  const Network network = Network::load(settings(kMobileNet, Precision::f32));
  EXPECT_EQ(network.dimension(), 1280);
  EXPECT_EQ(network.size(), 224);
  EXPECT_EQ(infer_once(network, 1).size(), 1280U);
}

TEST_F(Load, AveragesThePixelsOfASpatialLayer) {
  NetworkSettings chosen;
  chosen.output_layer = "head";
  const Network spatial = load(small_convnet(), chosen);
  EXPECT_EQ(spatial.dimension(), 16);
  EXPECT_EQ(infer_once(spatial, 3), infer_once(load(small_convnet()), 3));
}

// The oracle is the plain network, fed with pixels that were normalised here.
TEST_F(Load, FoldsNormalisationIn) {
  NetworkSettings chosen;
  chosen.mean = {10, 20, 30};
  chosen.scale = {2, 4, 8};
  chosen.output_layer = "probabilities";
  const Network network = load(small_convnet(), chosen);
  EXPECT_EQ(network.mean(), chosen.mean);
  CompiledNetwork compiled(network, 1);
  auto session = compiled.session();
  const std::vector<uint8_t> pixels = photo(size_t{3} * 32 * 32, 7);
  const std::vector<float> ours = infer(session, pixels);

  auto request = ov::Core()
                     .compile_model(small_convnet(), "CPU", ov::hint::inference_precision(ov::element::f32))
                     .create_infer_request();
  float* planes = request.get_input_tensor().data<float>();
  for (size_t i = 0; i < pixels.size(); ++i)
    planes[(i % 3) * 1024 + i / 3] =
        (static_cast<float>(pixels[i]) - chosen.mean[i % 3]) / chosen.scale[i % 3];
  request.infer();
  const float* expected = request.get_output_tensor().data<float>();
  for (size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], expected[i], 1e-5) << "class " << i;
}

TEST_F(Load, TakesNormalisationFromTheFileAndRemarksWhereThereIsNone) {
  EXPECT_NE(load(small_convnet()).remark().find("give --mean and --scale"), std::string::npos);
  auto model = small_convnet();
  model->set_rt_info("1 2 3", "model_info", "mean_values");
  model->set_rt_info("4", "model_info", "scale_values");
  const Network stated = load(model);
  EXPECT_EQ(stated.remark(), "");
  EXPECT_EQ(stated.mean(), std::vector<float>({1, 2, 3}));
  EXPECT_EQ(stated.scale(), std::vector<float>({4}));
  model->set_rt_info("1 2", "model_info", "mean_values");
  EXPECT_NE(message_of([&] { load(model); }).find("--mean has 2 numbers"), std::string::npos);
}

TEST_F(Load, RunsAtAnotherSize) {
  NetworkSettings chosen;
  chosen.size = 48;
  EXPECT_EQ(load(small_convnet(), chosen).size(), 48);
  EXPECT_EQ(load(small_convnet(0), chosen).size(), 48);
}

TEST_F(Load, NamesTheNearestNetwork) {
  EXPECT_EQ(
      error_of(settings("efficentnet-lite0", Precision::f32)),
      "[network] efficentnet-lite0: is no built-in network and no file\n  did you mean efficientnet-lite0?");
}

TEST_F(Load, SaysWhatIsWrongWithAFile) {
  const auto in_folder = [&](const char* name) { return (folder_.path() / name).string(); };
  EXPECT_NE(error_of(settings(in_folder("none.onnx"), Precision::f32)).find("No such file"),
            std::string::npos);
  std::ofstream(in_folder("bad.onnx")) << "no network";
  EXPECT_NE(error_of(settings(in_folder("bad.onnx"), Precision::f32)).find("cannot be read as a network"),
            std::string::npos);
  std::ofstream(in_folder("photo.jpg")) << "x";
  EXPECT_NE(error_of(settings(in_folder("photo.jpg"), Precision::f32)).find("no kind that Pomona reads"),
            std::string::npos);
  save(small_convnet(), folder_.path() / "half.xml");
  fs::remove(folder_.path() / "half.bin");
  EXPECT_NE(error_of(settings(in_folder("half.xml"), Precision::f32)).find("half.bin"), std::string::npos);
}

TEST_F(Load, SaysWhichLayersThereAre) {
  NetworkSettings chosen;
  chosen.output_layer = "pol";
  const std::string text = message_of([&] { load(small_convnet(), chosen); });
  EXPECT_NE(text.find("has no layer 'pol'\n  did you mean pool?"), std::string::npos) << text;
}

TEST_F(Load, RefusesWhatIsNoPhotoNetwork) {
  EXPECT_NE(message_of([&] { load(small_convnet(32, 1)); }).find("no photo of 3 channels"),
            std::string::npos);
  EXPECT_NE(message_of([&] { load(small_convnet(0)); }).find("--size"), std::string::npos);
  auto a = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{1, 3, 32, 32});
  auto b = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{1, 3, 32, 32});
  auto sum = std::make_shared<op::Add>(a, b);
  EXPECT_NE(message_of([&] {
              load(std::make_shared<ov::Model>(ov::OutputVector{sum}, ov::ParameterVector{a, b}));
            }).find("takes 2 inputs"),
            std::string::npos);
}

TEST_F(Load, RefusesSettingsThatDoNotFit) {
  NetworkSettings small = settings(kDefaultNetwork, Precision::f32);
  small.size = 8;
  EXPECT_NE(error_of(small).find("give a --size from 16"), std::string::npos);
  NetworkSettings two = settings(kDefaultNetwork, Precision::f32);
  two.mean = {1, 2};
  EXPECT_NE(error_of(two).find("--mean has 2 numbers"), std::string::npos);
  NetworkSettings zero = settings(kDefaultNetwork, Precision::f32);
  zero.scale = {0};
  EXPECT_NE(error_of(zero).find("--scale is 0"), std::string::npos);
  NetworkSettings bytes = settings(kMobileNet, Precision::f32);
  bytes.mean = {127};
  EXPECT_NE(error_of(bytes).find("takes 8-bit pixels as they are"), std::string::npos);
  EXPECT_NE(message_of([] { parse_precision("int9"); }).find("did you mean int8?"), std::string::npos);
}

TEST_F(Load, AsksForRangesWhereInt8HasNone) {
  const std::string file = save(small_convnet(), folder_.path() / "my.xml");
  const std::string text = error_of(settings(file, Precision::int8));
  EXPECT_NE(text.find("[network] my.xml: has no INT8 ranges"), std::string::npos) << text;
  EXPECT_NE(text.find("pomona calibrate"), std::string::npos) << text;
}

TEST_F(Load, HashesEverySettingThatShapesTheGraph) {
  std::vector<std::string> hashes;
  for (const int size : {224, 128})
    for (const Precision precision : {Precision::f32, Precision::int8}) {
      NetworkSettings chosen = settings(kDefaultNetwork, precision);
      chosen.size = size;
      hashes.push_back(Network::load(chosen).sha256());
    }
  NetworkSettings mean = settings(kDefaultNetwork, Precision::f32);
  mean.mean = {0};
  hashes.push_back(Network::load(mean).sha256());
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
  EXPECT_EQ(Network::load(mean).sha256(), Network::load(mean).sha256());
}

}  // namespace
}  // namespace pomona::testing
