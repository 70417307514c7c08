#include "job/moments_shelf.h"

#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona {
namespace {

constexpr size_t kDimension = 11;

Moments moments_of(unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> numbers;
  std::vector<float> rows((3 + seed) * kDimension);
  for (float& value : rows) value = numbers(engine);
  Moments moments(kDimension);
  moments.update(rows);
  return moments;
}

TEST(MomentsShelf, GivesBackTheSameBitsAndUsesPlacesAgain) {
  const auto dataset = open_storage(::testing::TempDir());
  MomentsShelf shelf(*dataset);
  std::map<unsigned, MomentsStore::Place> places;
  for (const unsigned seed : {1U, 2U, 3U}) places[seed] = shelf.put(moments_of(seed));
  EXPECT_EQ(shelf.take(places[2]).serialize(), moments_of(2).serialize());
  places[4] = shelf.put(moments_of(4));
  EXPECT_EQ(places[4].offset, places[2].offset);
  for (const unsigned seed : {3U, 1U, 4U}) {
    EXPECT_EQ(shelf.take(places[seed]).serialize(), moments_of(seed).serialize());
  }
}

TEST(MomentsShelf, ServesSeveralThreads) {
  const auto dataset = open_storage(::testing::TempDir());
  MomentsShelf shelf(*dataset);
  std::vector<std::jthread> threads;
  for (unsigned thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&shelf, thread] {
      for (unsigned round = 0; round < 20; ++round) {
        const Moments moments = moments_of(20 * thread + round);
        EXPECT_EQ(shelf.take(shelf.put(moments)).serialize(), moments.serialize());
      }
    });
  }
}

TEST(MomentsShelf, SaysWhereAFolderCannotHoldThem) {
  const auto dataset = open_storage("/nowhere/at/all");
  MomentsShelf shelf(*dataset);
  EXPECT_THROW(shelf.put(moments_of(1)), Error);
}

}  // namespace
}  // namespace pomona
