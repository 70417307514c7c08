#include "network/cache.h"

#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "fixtures.h"

namespace pomona::testing {
namespace {

using network::CompileCache;

class Cache : public ::testing::Test {
 protected:
  void store(const std::string& key, const std::string& blob) {
    cache_.store(key, [&](std::ostream& stream) { stream << blob; });
  }
  std::string load(const std::string& key) {
    const auto blob = cache_.load(key);
    return blob ? std::string(static_cast<const char*>(blob->data()), blob->get_size()) : "(nothing)";
  }
  fs::path file(const std::string& key) { return folder_.path() / "cache" / (key + ".blob"); }

  TemporaryFolder folder_;
  CompileCache cache_;
};

TEST_F(Cache, GivesBackWhatWasStored) {
  store("a", "one");
  EXPECT_EQ(load("a"), "one");
  EXPECT_EQ(load("b"), "(nothing)");
}

TEST_F(Cache, TakesNoDamagedFile) {
  store("a", "some bytes of a network");
  const auto size = fs::file_size(file("a"));
  std::string whole(size, 0);
  std::ifstream(file("a"), std::ios::binary).read(whole.data(), static_cast<std::streamsize>(size));
  for (size_t kept = 0; kept < size; ++kept) {
    std::ofstream(file("a"), std::ios::binary) << whole.substr(0, kept);
    EXPECT_EQ(load("a"), "(nothing)") << kept << " bytes kept";
  }
  for (size_t at = 0; at < size; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    std::ofstream(file("a"), std::ios::binary) << damaged;
    EXPECT_EQ(load("a"), "(nothing)") << "byte " << at;
  }
}

TEST_F(Cache, KeepsAWholeFileUnderManyWriters) {
  const std::string blob(1 << 18, 'x');
  std::vector<std::jthread> writers;
  for (int i = 0; i < 4; ++i)
    writers.emplace_back([&] {
      for (int round = 0; round < 5; ++round) store("a", blob);
    });
  writers.clear();
  EXPECT_EQ(load("a"), blob);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path() / "cache"), fs::directory_iterator()), 1);
}

TEST_F(Cache, DropsTheOldest) {
  for (size_t i = 0; i < CompileCache::kMostFiles + 3; ++i) {
    store(std::to_string(i), "x");
    fs::last_write_time(file(std::to_string(i)), fs::file_time_type(std::chrono::seconds(i)));
  }
  EXPECT_EQ(load("0"), "(nothing)");
  EXPECT_EQ(load("2"), "(nothing)");
  EXPECT_EQ(load("3"), "x");
}

TEST_F(Cache, DoesWithoutAFolderThatCannotBeMade) {
  std::ofstream(folder_.path() / "file") << "in the way";
  const CompileCache blocked(folder_.path() / "file" / "cache");
  blocked.store("a", [](std::ostream& stream) { stream << "x"; });
  EXPECT_FALSE(blocked.load("a"));
  const CompileCache off{fs::path()};
  off.store("a", [](std::ostream&) { FAIL() << "wrote to no cache"; });
  EXPECT_FALSE(off.load("a"));
}

TEST_F(Cache, LeavesNothingWhereWritingFails) {
  cache_.store("a", [](std::ostream&) { throw std::runtime_error("no"); });
  cache_.store("b", [](std::ostream& stream) { stream.setstate(std::ios::badbit); });
  EXPECT_TRUE(fs::is_empty(folder_.path() / "cache"));
}

// Whole by its hash, but nothing that OpenVINO made.
TEST_F(Cache, CompilesWhereTheBlobIsNoNetwork) {
  const Network network = Network::load(settings(kDefaultNetwork, Precision::int8));
  const auto expected = infer_once(network, 1);
  const fs::path blob = fs::directory_iterator(folder_.path() / "cache")->path();
  store(blob.stem().string(), "no network at all");
  EXPECT_EQ(infer_once(network, 1), expected);
  EXPECT_GT(fs::file_size(blob), 1'000'000U);  // and stores it anew
}

}  // namespace
}  // namespace pomona::testing
