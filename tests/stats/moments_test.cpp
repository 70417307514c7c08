#include "stats/moments.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.h"
#include "random_rows.h"

namespace pomona {
namespace {

using testing::random_rows;

// Sums of up to 128 float32 products: a few units in the last place of the largest that they can be.
constexpr double kFloatSums = 3e-6;

struct Expected {
  std::vector<double> mean;
  std::vector<double> m2;  // packed
};

// Two passes in extended precision, as the definition has it.
template <typename T>
Expected two_passes(const std::vector<T>& rows, size_t d) {
  const size_t n = rows.size() / d;
  std::vector<long double> mean(d);
  for (size_t r = 0; r < n; ++r) {
    for (size_t i = 0; i < d; ++i) mean[i] += rows[r * d + i];
  }
  Expected expected;
  for (auto& value : mean) {
    value /= static_cast<long double>(n);
    expected.mean.push_back(static_cast<double>(value));
  }
  for (size_t i = 0; i < d; ++i) {
    for (size_t j = i; j < d; ++j) {
      long double sum = 0;
      for (size_t r = 0; r < n; ++r) sum += (rows[r * d + i] - mean[i]) * (rows[r * d + j] - mean[j]);
      expected.m2.push_back(static_cast<double>(sum));
    }
  }
  return expected;
}

// Products may be off by `tolerance` of what Cauchy and Schwarz allow them to be; variances by far less.
template <typename T>
void expect_moments(const Moments& moments, const std::vector<T>& rows, double tolerance) {
  const size_t d = moments.dimension();
  const Expected expected = two_passes(rows, d);
  ASSERT_EQ(moments.count(), rows.size() / d);
  ASSERT_EQ(moments.packed_m2().size(), d * (d + 1) / 2);
  for (size_t i = 0; i < d; ++i) {
    EXPECT_NEAR(moments.mean()[i], expected.mean[i], 1e-12 * std::abs(expected.mean[i]) + 1e-14);
    const size_t diagonal = Moments::packed_row(i, d);
    // A block's mean is rounded in proportion to itself, not to the deviations.
    const double sigma = std::sqrt(expected.m2[diagonal] / static_cast<double>(moments.count()));
    const double rounding = sigma > 0 ? 1e-15 * std::abs(expected.mean[i]) / sigma : 0;
    EXPECT_NEAR(moments.packed_m2()[diagonal], expected.m2[diagonal],
                (1e-11 + rounding) * expected.m2[diagonal]);
    for (size_t j = i; j < d; ++j) {
      const double bound = std::sqrt(expected.m2[diagonal] * expected.m2[Moments::packed_row(j, d)]);
      EXPECT_NEAR(moments.packed_m2()[diagonal + j - i], expected.m2[diagonal + j - i], tolerance * bound);
    }
  }
}

bool same_bits(const Moments& a, const Moments& b) { return a.serialize() == b.serialize(); }

TEST(Moments, AgreeWithTwoPassesInExtendedPrecision) {
  for (const size_t n : {1, 2, 7, 127, 128, 129, 1300}) {
    const auto rows = random_rows(n, 23, static_cast<unsigned>(n));
    Moments moments(23);
    moments.update(rows);
    expect_moments(moments, rows, kFloatSums);
  }
}

TEST(Moments, OfDoublesAreSummedInDoubles) {
  const auto rows = random_rows<double>(1300, 23, 1);
  Moments moments(23);
  moments.update(rows);
  expect_moments(moments, rows, 1e-13);
}

TEST(Moments, OfFloatsCanBeSummedInDoublesToo) {
  const auto rows = random_rows(1300, 23, 1);
  Moments exact(23), copied(23);
  exact.update_exactly(rows);
  copied.update(std::vector<double>(rows.begin(), rows.end()));
  EXPECT_EQ(exact.serialize(), copied.serialize());
}

TEST(Moments, KeepSmallDeviationsBesideHugeOffsets) {
  const auto rows = random_rows(1000, 11, 2, 1e4, 1e-2);
  Moments moments(11);
  moments.update(std::span(rows).first(300 * 11));
  moments.update(std::span(rows).subspan(300 * 11));
  expect_moments(moments, rows, kFloatSums);
}

TEST(Moments, OfEqualRowsAreExactlyZero) {
  const std::vector<float> rows(700 * 5, 0.1F);
  Moments moments(5);
  moments.update(rows);
  for (const double value : moments.packed_m2()) EXPECT_LT(std::abs(value), 1e-28);
}

TEST(Moments, MergeAsIfTheRowsHadFollowed) {
  const auto rows = random_rows(900, 17, 3, 5);
  Moments left(17);
  Moments right(17);
  left.update(std::span(rows).first(100 * 17));
  right.update(std::span(rows).subspan(100 * 17));
  left.merge(right);
  expect_moments(left, rows, kFloatSums);
}

TEST(Moments, OfNothingChangeNothing) {
  const auto rows = random_rows(50, 4, 4);
  Moments some(4);
  some.update(rows);
  Moments merged(4);
  merged.merge(some);
  EXPECT_TRUE(same_bits(merged, some));
  merged.merge(Moments(4));
  merged.update(std::span<const float>());
  EXPECT_TRUE(same_bits(merged, some));
}

TEST(Moments, HaveTheSameBitsOnEveryThread) {
  const auto rows = random_rows(1500, 130, 5);
  Moments here(130);
  here.update(rows);
  std::vector<Moments> there(3, Moments(130));
  {
    std::vector<std::jthread> threads;
    for (Moments& moments : there) threads.emplace_back([&] { moments.update(rows); });
  }
  for (const Moments& moments : there) EXPECT_TRUE(same_bits(moments, here));
}

TEST(Moments, RefuseWhatDoesNotFit) {
  EXPECT_THROW(Moments(0), Error);
  Moments moments(3);
  EXPECT_THROW(moments.update(std::vector<float>(4)), Error);
  EXPECT_THROW(moments.merge(Moments(4)), Error);
}

TEST(MomentsBytes, ComeBackAsTheyWere) {
  Moments moments(9);
  EXPECT_TRUE(same_bits(Moments::deserialize(moments.serialize()), moments));
  moments.update(random_rows(20, 9, 6));
  const auto bytes = moments.serialize();
  EXPECT_EQ(bytes.size(), 24U + 8 * 9 + 4 * 9 * 10);
  EXPECT_TRUE(same_bits(Moments::deserialize(bytes), moments));
}

void expect_corrupt(const std::vector<std::byte>& bytes) {
  try {
    Moments::deserialize(bytes);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt) << error.what();
  }
}

template <typename T>
std::vector<std::byte> with(std::vector<std::byte> bytes, size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
  return bytes;
}

TEST(MomentsBytes, RefuseGarbage) {
  Moments moments(3);
  moments.update(random_rows(20, 3, 7));
  const auto bytes = moments.serialize();
  for (size_t length = 0; length < bytes.size(); ++length) {
    expect_corrupt({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)});
  }
  expect_corrupt(with(bytes, 0, 'X'));
  expect_corrupt(with(bytes, 4, uint32_t{2}));
  for (const uint64_t dimension : {uint64_t{0}, uint64_t{2}, uint64_t{4}, ~uint64_t{0}, uint64_t{1} << 33U}) {
    expect_corrupt(with(bytes, 8, dimension));
  }
  expect_corrupt(with(bytes, 16, uint64_t{0}));
  expect_corrupt(with(bytes, 24, std::numeric_limits<double>::quiet_NaN()));
  expect_corrupt(with(bytes, 48, -1.0));
}

}  // namespace
}  // namespace pomona
