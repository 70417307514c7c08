#include "report/classes.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona::report {
namespace {

constexpr size_t kComponents = 5;
using Row = std::array<float, kComponents>;

struct Rows {
  std::vector<Row> vectors;
  std::vector<std::string> labels;
  nlohmann::json run;
};

Rows make_rows(size_t count) {
  Rows rows;
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  const std::vector<std::string> names = {"Apple", "Pear", ""};
  std::map<std::string, uint64_t> counts;
  for (size_t i = 0; i < count; ++i) {
    Row row;
    for (float& value : row) value = normal(random);
    rows.vectors.push_back(row);
    rows.labels.push_back(names[random() % names.size()]);
    if (!rows.labels.back().empty()) ++counts[rows.labels.back()];
  }
  rows.run = {{"rows", count}, {"labels", counts}};
  return rows;
}

Classes make_classes(const Rows& rows) {
  Classes classes(rows.run, kComponents);
  for (size_t i = 0; i < rows.vectors.size(); ++i)
    classes.add(classes.index(rows.labels[i]), rows.vectors[i].data());
  classes.finish_means();
  for (size_t i = 0; i < rows.vectors.size(); ++i) {
    classes.rank(classes.index(rows.labels[i]), rows.vectors[i].data(), i, static_cast<int64_t>(i),
                 std::to_string(i));
  }
  return classes;
}

TEST(Classes, TypicalAndStrangeAreThoseOfASortByDistance) {
  const Rows rows = make_rows(400);
  const Classes classes = make_classes(rows);
  ASSERT_EQ(classes.size(), 3);
  for (const ClassInfo& info : classes.all()) {
    std::vector<std::pair<double, uint64_t>> all;
    std::array<double, kComponents> mean = {};
    uint64_t count = 0;
    for (size_t i = 0; i < rows.vectors.size(); ++i) {
      if (rows.labels[i] != info.name) continue;
      ++count;
      for (size_t c = 0; c < kComponents; ++c) mean[c] += rows.vectors[i][c];
    }
    for (size_t i = 0; i < rows.vectors.size(); ++i) {
      if (rows.labels[i] != info.name) continue;
      double distance = 0;
      for (size_t c = 0; c < kComponents; ++c) {
        distance += std::pow(rows.vectors[i][c] - mean[c] / static_cast<double>(count), 2);
      }
      all.emplace_back(distance, i);
    }
    EXPECT_EQ(info.count, count);
    std::ranges::sort(all);
    for (size_t r = 0; r < kTypical; ++r) {
      EXPECT_EQ(info.typical[r].row, all[r].second);
      EXPECT_EQ(info.strange[r].row, all[all.size() - 1 - r].second);
      EXPECT_EQ(info.typical[r].photo.path, std::to_string(all[r].second));
    }
  }
}

TEST(Classes, PhotosWithoutALabelAreAClassOfTheirOwn) {
  const Classes classes({{"rows", 3}, {"labels", {{"Pear", 2}}}}, 1);
  ASSERT_EQ(classes.size(), 2);
  EXPECT_EQ(classes.index(""), 1);
  EXPECT_EQ(Classes({{"rows", 2}, {"labels", {{"Pear", 2}}}}, 1).size(), 1);
}

TEST(Classes, ALabelThatRunJsonDoesNotCountIsCorruption) {
  const Classes classes({{"rows", 2}, {"labels", {{"Pear", 2}}}}, 1);
  try {
    classes.index("Plum");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace pomona::report
