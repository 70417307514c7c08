#include "job/compare_rank.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona {
namespace {

std::vector<uint64_t> singles(size_t n) {
  std::vector<uint64_t> groups(n);
  std::iota(groups.begin(), groups.end(), uint64_t{0});
  return groups;
}

// Right on all but the first `wrong` of n photos.
Contender all_but(size_t wrong, size_t n, double speed) {
  Contender contender{std::vector<char>(n, 1), speed};
  std::fill_n(contender.right.begin(), wrong, 0);
  return contender;
}

TEST(CompareRank, TakesTheFastestWithinAStandardError) {
  // Of 100 photos, one is lost by the second: 1 % with an error of 1 %. The third loses 30 %.
  const auto ranking = rank({all_but(0, 100, 10), all_but(1, 100, 20), all_but(30, 100, 90)}, singles(100));
  EXPECT_EQ(ranking.best, 0U);
  EXPECT_DOUBLE_EQ(ranking.losses[1].share, 0.01);
  EXPECT_NEAR(ranking.losses[1].error, std::sqrt(0.01 * 0.99 / 100), 1e-12);
  EXPECT_EQ(ranking.recommended, 0U);  // a loss of 1 % is just above its error of 0.995 %
  // Lost and won photos: 1 more wrong of 100, but they differ on 3.
  Contender other = all_but(2, 100, 20);
  Contender best = all_but(0, 100, 10);
  best.right[99] = 0;
  EXPECT_EQ(rank({best, other, all_but(30, 100, 90)}, singles(100)).recommended, 1U);
}

TEST(CompareRank, PhotosOfAGroupCountAsOneForTheError) {
  const auto one = rank({all_but(0, 100, 10), all_but(10, 100, 20)}, singles(100));
  std::vector<uint64_t> groups(100);
  for (size_t photo = 0; photo < 100; ++photo) groups[photo] = photo / 10;
  const auto ten = rank({all_but(0, 100, 10), all_but(10, 100, 20)}, groups);
  EXPECT_DOUBLE_EQ(one.losses[1].share, ten.losses[1].share);
  // Ten groups of which one is lost: sqrt(10) times the error of ten photos of a hundred.
  EXPECT_NEAR(ten.losses[1].error, std::sqrt(10.0) * one.losses[1].error, 1e-12);
  EXPECT_EQ(one.recommended, 0U);
}

TEST(CompareRank, AContenderThatIsNoBetterInAnythingIsDominated) {
  const auto ranking =
      rank({all_but(5, 50, 10), all_but(5, 50, 20), all_but(6, 50, 20), all_but(0, 50, 1)}, singles(50));
  EXPECT_EQ(ranking.dominated, (std::vector<bool>{true, false, true, false}));
  EXPECT_EQ(ranking.best, 3U);
}

TEST(CompareRank, OfEquallyAccurateOnesTheFasterIsBestAndRecommended) {
  const auto ranking = rank({all_but(5, 50, 10), all_but(5, 50, 20)}, singles(50));
  EXPECT_EQ(ranking.best, 1U);
  EXPECT_EQ(ranking.recommended, 1U);
}

TEST(CompareRank, RefusesNothingAndUnequalPhotos) {
  EXPECT_THROW(rank({}, singles(3)), Error);
  EXPECT_THROW(rank({all_but(0, 3, 1)}, {}), Error);
  EXPECT_THROW(rank({all_but(0, 3, 1), all_but(0, 4, 1)}, singles(3)), Error);
}

}  // namespace
}  // namespace pomona
