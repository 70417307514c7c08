// A photo's features depend on the photo alone: not on the thread, the stream, its neighbours or the cache.
#include <thread>

#include <gtest/gtest.h>

#include "fixtures.h"

namespace pomona::testing {
namespace {

class Sessions : public ::testing::TestWithParam<Precision> {
 protected:
  TemporaryFolder folder_;
};

constexpr size_t kPhotos = 6;

std::vector<std::vector<float>> infer_all(CompiledNetwork& compiled, bool backwards) {
  auto session = compiled.session();
  std::vector<std::vector<float>> features(kPhotos);
  for (size_t i = 0; i < kPhotos; ++i) {
    const size_t at = backwards ? kPhotos - 1 - i : i;
    features[at] = infer(session, photo(session.input().size(), static_cast<unsigned>(at)));
  }
  return features;
}

TEST_P(Sessions, GiveTheSameBitsOnEveryThreadAndStream) {
  const Network network = Network::load(settings(kDefaultNetwork, GetParam()));
  CompiledNetwork one(network, 1);
  const auto expected = infer_all(one, false);
  EXPECT_NE(expected[0], expected[1]);
  CompiledNetwork three(network, 3);
  std::vector<std::vector<std::vector<float>>> found(3);
  {
    std::vector<std::jthread> threads;
    for (size_t t = 0; t < found.size(); ++t)
      threads.emplace_back([&, t] { found[t] = infer_all(three, t % 2 == 1); });
  }
  for (const auto& features : found) EXPECT_EQ(features, expected);
}

TEST_P(Sessions, GiveTheSameBitsFromTheCache) {
  const Network network = Network::load(settings(kDefaultNetwork, GetParam()));
  setenv("POMONA_CACHE", "off", 1);
  const auto expected = infer_once(network, 5);
  setenv("POMONA_CACHE", (folder_.path() / "cache").c_str(), 1);
  EXPECT_EQ(infer_once(network, 5), expected);  // compiles and stores
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path() / "cache"), fs::directory_iterator()), 1);
  EXPECT_EQ(infer_once(network, 5), expected);  // takes what was stored
}

TEST_P(Sessions, OutliveTheCompiledNetwork) {
  const Network network = Network::load(settings(kDefaultNetwork, GetParam()));
  auto compiled = std::make_unique<CompiledNetwork>(network, 1);
  auto session = compiled->session();
  compiled.reset();
  EXPECT_EQ(infer(session, photo(session.input().size(), 2)), infer_once(network, 2));
}

INSTANTIATE_TEST_SUITE_P(Precisions, Sessions, ::testing::Values(Precision::f32, Precision::int8),
                         [](const auto& test) { return std::string(name(test.param)); });

}  // namespace
}  // namespace pomona::testing
