#include "stats/merge_tree.h"

#include <algorithm>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.h"
#include "random_rows.h"

namespace pomona {
namespace {

constexpr size_t kDimension = 13;
constexpr uint64_t kLeaves = 32;

// Leaves 5, 6 and 16 to 23 are empty.
std::optional<Moments> leaf(uint64_t index) {
  if (index == 5 || index == 6 || (index >= 16 && index < 24)) return {};
  Moments moments(kDimension);
  moments.update(testing::random_rows(3 + index, kDimension, static_cast<unsigned>(index), 10));
  return moments;
}

// The definition: left subtree, then right subtree.
std::optional<Moments> reference(unsigned level, uint64_t index) {
  if (level == 0) return leaf(index);
  auto left = reference(level - 1, 2 * index);
  auto right = reference(level - 1, 2 * index + 1);
  if (!left) return right;
  if (right) left->merge(*right);
  return left;
}

std::vector<std::byte> expected() { return reference(5, 0)->serialize(); }

TEST(MergeTree, GivesTheSameBitsForAnyOrder) {
  std::vector<uint64_t> order(kLeaves);
  for (uint64_t i = 0; i < kLeaves; ++i) order[i] = i;
  std::mt19937 engine(1);
  for (int round = 0; round < 20; ++round) {
    std::ranges::shuffle(order, engine);
    MergeTree tree(kLeaves);
    for (const uint64_t index : order) {
      EXPECT_FALSE(tree.complete());
      tree.add(index, leaf(index));
    }
    EXPECT_TRUE(tree.complete());
    EXPECT_EQ(tree.take()->serialize(), expected());
  }
}

TEST(MergeTree, GivesTheSameBitsFromSeveralThreads) {
  MergeTree tree(kLeaves);
  {
    std::vector<std::jthread> threads;
    for (uint64_t t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (uint64_t i = t; i < kLeaves; i += 4) tree.add(i, leaf(i));
      });
    }
  }
  EXPECT_EQ(tree.take()->serialize(), expected());
}

TEST(MergeTree, TakesWholeSubtrees) {
  MergeTree tree(kLeaves);
  tree.add({2, 1}, reference(2, 1));
  tree.add({4, 1}, reference(4, 1));
  for (const uint64_t index : {0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15}) tree.add(index, leaf(index));
  EXPECT_EQ(tree.take()->serialize(), expected());
}

TEST(MergeTree, HoldsOnlyALogarithmOfTheLeaves) {
  MergeTree tree(1024);
  for (uint64_t i = 0; i < 1024; ++i) {
    Moments moments(1);
    moments.update(std::vector<float>{static_cast<float>(i)});
    tree.add(i, std::move(moments));
    EXPECT_LE(tree.waiting(), 10U);
  }
  EXPECT_DOUBLE_EQ(tree.take()->mean()[0], 511.5);
}

// Keeps the bytes, and counts.
class BytesStore final : public MomentsStore {
 public:
  Place put(const Moments& moments) override {
    kept_.push_back(moments.serialize());
    return {kept_.size() - 1, kept_.back().size()};
  }
  Moments take(const Place& place) override {
    ++taken_;
    return Moments::deserialize(kept_.at(place.offset));
  }
  size_t kept() const { return kept_.size(); }
  size_t taken() const { return taken_; }

 private:
  std::vector<std::vector<std::byte>> kept_;
  size_t taken_ = 0;
};

TEST(MergeTree, GivesTheSameBitsFromAStore) {
  BytesStore store;
  MergeTree tree(kLeaves, &store);
  for (uint64_t i = 0; i < kLeaves; ++i) tree.add(i, leaf(i));
  EXPECT_EQ(tree.take()->serialize(), expected());
  // First children on levels 2, 3 and 4 wait in the store: 3 of 4, 1 of 2 and 1, for those over 16 to 23 are
  // empty.
  EXPECT_EQ(store.kept(), 5U);
  EXPECT_EQ(store.taken(), store.kept());
}

TEST(MergeTree, OfEmptyLeavesIsEmpty) {
  MergeTree tree(2);
  tree.add(1, Moments(3));
  tree.add(0, {});
  EXPECT_FALSE(tree.take().has_value());
}

TEST(MergeTree, RefusesWhatDoesNotFit) {
  EXPECT_THROW(MergeTree(0), Error);
  EXPECT_THROW(MergeTree(12), Error);
  MergeTree tree(4);
  EXPECT_THROW(tree.take(), Error);
  EXPECT_THROW(tree.add(4, {}), Error);
  EXPECT_THROW(tree.add({1, 2}, {}), Error);
  EXPECT_THROW(tree.add({3, 0}, {}), Error);
  tree.add(3, {});
  EXPECT_THROW(tree.add(3, {}), Error);
}

}  // namespace
}  // namespace pomona
