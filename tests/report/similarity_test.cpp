#include "report/similarity.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace pomona::report {
namespace {

using Matrix = std::vector<std::vector<double>>;

TEST(Similarity, CosineOfKnownAngles) {
  const Matrix matrix = cosine_matrix({{2, 0}, {1, 1}, {0, 5}, {-3, 0}, {0, 0}});
  const double half = std::sqrt(0.5);
  const Matrix expected = {{1, half, 0, -1, 0},
                           {half, 1, half, -half, 0},
                           {0, half, 1, 0, 0},
                           {-1, -half, 0, 1, 0},
                           {0, 0, 0, 0, 1}};
  for (size_t i = 0; i < 5; ++i) {
    for (size_t j = 0; j < 5; ++j) EXPECT_NEAR(matrix[i][j], expected[i][j], 1e-15) << i << "," << j;
  }
}

// Clusters of directions, given in a shuffled order: the clustering must put each one's members side by side.
TEST(Similarity, ClustersStandTogether) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, 0.05);
  constexpr size_t kClusters = 6;
  std::vector<size_t> cluster_of(30);
  Matrix rows;
  for (size_t i = 0; i < cluster_of.size(); ++i) {
    cluster_of[i] = i * 7 % kClusters;
    std::vector<double> row(kClusters);
    row[cluster_of[i]] = 1;
    for (double& value : row) value += noise(random);
    rows.push_back(row);
  }
  const std::vector<uint32_t> order = clustered_order(cosine_matrix(rows));
  std::vector<uint32_t> sorted = order;
  std::ranges::sort(sorted);
  for (uint32_t i = 0; i < sorted.size(); ++i) ASSERT_EQ(sorted[i], i);
  size_t changes = 0;
  for (size_t i = 1; i < order.size(); ++i) changes += cluster_of[order[i]] != cluster_of[order[i - 1]];
  EXPECT_EQ(changes, kClusters - 1);
}

// On a line the order of the leaves must be the line's, in one direction or the other.
TEST(Similarity, NearerEndsMeet) {
  const std::vector<double> places = {5, 0, 8.5, 1, 3.5};
  Matrix similarity(places.size(), std::vector<double>(places.size()));
  for (size_t i = 0; i < places.size(); ++i) {
    for (size_t j = 0; j < places.size(); ++j) similarity[i][j] = 1 - std::abs(places[i] - places[j]);
  }
  std::vector<uint32_t> order = clustered_order(similarity);
  if (places[order.front()] > places[order.back()]) std::ranges::reverse(order);
  EXPECT_EQ(order, (std::vector<uint32_t>{1, 3, 4, 0, 2}));
}

TEST(Similarity, ClosestPairsAreSortedAndBounded) {
  const Matrix similarity = {{1, 0.2, 0.9}, {0.2, 1, 0.5}, {0.9, 0.5, 1}};
  const auto pairs = closest_pairs(similarity, 2);
  ASSERT_EQ(pairs.size(), 2);
  EXPECT_EQ(pairs[0].a, 0);
  EXPECT_EQ(pairs[0].b, 2);
  EXPECT_EQ(pairs[1].value, 0.5);
  EXPECT_EQ(closest_pairs(similarity, 99).size(), 3);
  EXPECT_TRUE(clustered_order({}).empty());
}

}  // namespace
}  // namespace pomona::report
