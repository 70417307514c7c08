#include <gtest/gtest.h>

#include "base/error.h"
#include "fixtures.h"

namespace pomona::testing {
namespace {

class GraphFile : public ::testing::TestWithParam<Precision> {
 protected:
  TemporaryFolder folder_;
};

TEST_P(GraphFile, GivesTheSameFeaturesWhenReadAgain) {
  const Network network = Network::load(settings(kDefaultNetwork, GetParam()));
  const NetworkFiles files = network.files();
  const Network again = Network::read(files.xml, files.weights, GetParam());
  EXPECT_EQ(infer_once(again, 1), infer_once(network, 1));
  EXPECT_EQ(again.network_name(), network.network_name());
  EXPECT_EQ(again.sha256(), network.sha256());
  EXPECT_EQ(again.output_layer(), network.output_layer());
  EXPECT_EQ(again.size(), network.size());
  EXPECT_EQ(again.dimension(), network.dimension());
  EXPECT_EQ(again.mean(), network.mean());
  EXPECT_EQ(again.scale(), network.scale());
  EXPECT_EQ(again.ranges(), network.ranges());
}

TEST_P(GraphFile, HasTheSameBytesWheneverItIsMade) {
  for (const std::string& source : {std::string(kDefaultNetwork), kMobileNet}) {
    const NetworkFiles one = Network::load(settings(source, GetParam())).files();
    const NetworkFiles two = Network::load(settings(source, GetParam())).files();
    EXPECT_TRUE(one.xml == two.xml) << source;
    EXPECT_TRUE(one.weights == two.weights) << source;
    const NetworkFiles again = Network::read(one.xml, one.weights, GetParam()).files();
    EXPECT_TRUE(again.xml == one.xml) << source;
    EXPECT_TRUE(again.weights == one.weights) << source;
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, GraphFile, ::testing::Values(Precision::f32, Precision::int8),
                         [](const auto& test) { return std::string(name(test.param)); });

TEST(GraphFileDamage, IsAnErrorAndNoCrash) {
  const TemporaryFolder folder;
  NetworkSettings chosen = settings(save(small_convnet(), folder.path() / "my.xml"), Precision::f32);
  const Network network = Network::load(chosen);
  const auto [xml, weights] = network.files();
  const auto read = [&](const std::string& text, std::string_view bytes) {
    Network::read(text, bytes, Precision::f32);
  };
  EXPECT_THROW(read("", weights), Error);
  EXPECT_THROW(read("<net/>", weights), Error);
  EXPECT_THROW(read(xml, ""), Error);
  EXPECT_THROW(read(xml, std::string_view(weights).substr(0, weights.size() / 2)), Error);
  EXPECT_THROW(Network::read(xml, weights, Precision::int8), Error);
  for (size_t kept = 0; kept + 20 < xml.size(); kept += 97)
    EXPECT_THROW(read(xml.substr(0, kept), weights), Error);
  // A changed byte may leave a valid graph: then nothing is wrong with it but its hash, which the bundle
  // checks.
  std::mt19937 random(1);
  for (int round = 0; round < 400; ++round) {
    std::string damaged = xml;
    damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
    try {
      read(damaged, weights);
    } catch (const Error&) {  // the only exception that may leave
    }
  }
}

}  // namespace
}  // namespace pomona::testing
