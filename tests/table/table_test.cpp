#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support.h"
#include "table/features.h"
#include "table/parquet.h"
#include "table/plan.h"
#include "table/rejects.h"

namespace pomona {
namespace {

using testing::fails;

std::vector<PhotoRow> photo_rows(size_t count) {
  std::vector<PhotoRow> rows;
  for (size_t row = 0; row < count; ++row) {
    const std::string number = std::to_string(row);
    rows.push_back({"class/" + number + ".jpg", row % 3 == 0 ? "" : "label " + std::to_string(row % 3),
                    static_cast<int32_t>(row), 7, static_cast<int64_t>(row) << 33, std::string(64, 'a')});
  }
  return rows;
}

std::vector<float> numbers(size_t count) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

std::vector<PlanRow> plan_rows() {
  return {{"a/1.jpg", "a", 5, "100", 0},
          {"b\xFF/2.jpg", "b\\xFF", uint64_t{1} << 40, "-7", 0},
          {"c.jpg", "", 0, "", 2},
          {"d/桃.jpg", "d", 1, "e\"tag", 2},
          {"e.jpg", "", 1, "1", 64}};
}

TEST(FeatureTable, ComesBackAsItWas) {
  for (const size_t count : {0, 1, 100}) {
    const auto rows = photo_rows(count);
    const auto features = numbers(count * 5);
    const FeatureTable table = decode_features(encode_features(rows, features, 5), "part");
    EXPECT_EQ(table.features, features);
    ASSERT_EQ(table.rows.size(), count);
    for (size_t row = 0; row < count; ++row) {
      EXPECT_EQ(table.rows[row].path, rows[row].path);
      EXPECT_EQ(table.rows[row].label, rows[row].label);
      EXPECT_EQ(table.rows[row].width, rows[row].width);
      EXPECT_EQ(table.rows[row].height, rows[row].height);
      EXPECT_EQ(table.rows[row].bytes, rows[row].bytes);
      EXPECT_EQ(table.rows[row].sha256, rows[row].sha256);
    }
    EXPECT_EQ(table.dimension, count > 0 ? 5U : 0U);
  }
}

TEST(ReducedTable, ComesBackAsItWas) {
  const auto rows = photo_rows(10);
  const auto reduced = numbers(30);
  const ReducedTable table = decode_reduced(encode_reduced(rows, reduced, 3), "part");
  EXPECT_EQ(table.reduced, reduced);
  EXPECT_EQ(table.k, 3U);
  EXPECT_EQ(table.paths[9], rows[9].path);
  EXPECT_EQ(table.labels[9], "");
  EXPECT_EQ(table.labels[8], "label 2");
}

TEST(RejectTable, ComesBackAsItWas) {
  const std::vector<RejectRow> rows = {{"a", "", "read", "empty", "The file has no bytes."},
                                       {"b\\xFF", "label", "decode", "corrupt", "\"quoted\", and more\n"}};
  const auto back = decode_rejects(encode_rejects(rows), "part");
  ASSERT_EQ(back.size(), 2U);
  for (size_t row = 0; row < 2; ++row) {
    EXPECT_EQ(back[row].path, rows[row].path);
    EXPECT_EQ(back[row].label, rows[row].label);
    EXPECT_EQ(back[row].stage, rows[row].stage);
    EXPECT_EQ(back[row].reason, rows[row].reason);
    EXPECT_EQ(back[row].detail, rows[row].detail);
  }
  EXPECT_TRUE(decode_rejects(encode_rejects({}), "part").empty());
}

TEST(PlanTable, GivesAShardItsRowsWithTheBytesOfTheirPaths) {
  const std::string bytes = encode_plan(plan_rows());
  const auto first = decode_plan(bytes, "plan", 0);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[1].key, "b\xFF/2.jpg");
  EXPECT_EQ(first[1].size, uint64_t{1} << 40);
  EXPECT_EQ(first[1].version, "-7");
  EXPECT_EQ(first[1].label, "b\\xFF");
  EXPECT_EQ(decode_plan(bytes, "plan", 2)[1].key, "d/桃.jpg");
  EXPECT_TRUE(decode_plan(bytes, "plan", 1).empty());
  EXPECT_EQ(decode_plan(bytes, "plan", 64).size(), 1U);
}

TEST(Tables, HaveTheSameBytesEachTime) {
  const auto rows = photo_rows(50);
  const auto features = numbers(250);
  EXPECT_EQ(encode_features(rows, features, 5), encode_features(rows, features, 5));
  EXPECT_EQ(encode_plan(plan_rows()), encode_plan(plan_rows()));
}

TEST(FeatureTable, IsEncodedInTheMemoryOfTheOneBefore) {
  constexpr size_t kDimension = 100;
  std::string bytes;
  encode_features(photo_rows(200), numbers(200 * kDimension), kDimension, bytes);
  const char* memory = bytes.data();
  for (const size_t count : {150, 1, 0, 200}) {
    const auto rows = photo_rows(count);
    const auto features = numbers(count * kDimension);
    encode_features(rows, features, kDimension, bytes);
    EXPECT_EQ(bytes, encode_features(rows, features, kDimension));
    EXPECT_EQ(bytes.data(), memory);
  }
}

TEST(Tables, RefuseATableOfOtherColumnsByName) {
  const std::string rejects = encode_rejects({});
  const std::string reduced = encode_reduced(photo_rows(2), numbers(6), 3);
  EXPECT_TRUE(fails(ErrorCode::corrupt, "[parquet] part-7: column 'features'",
                    [&] { decode_features(rejects, "part-7"); }));
  EXPECT_TRUE(fails(ErrorCode::corrupt, "'features'", [&] { decode_features(reduced, "part-7"); }));
  EXPECT_TRUE(fails(ErrorCode::corrupt, "'reduced'", [&] { decode_reduced(rejects, "part-7"); }));
  EXPECT_TRUE(fails(ErrorCode::corrupt, "'stage'", [&] { decode_rejects(reduced, "part-7"); }));
  EXPECT_TRUE(fails(ErrorCode::corrupt, "'shard'", [&] { decode_plan(rejects, "part-7", 0); }));
}

TEST(Tables, RefuseVectorsOfSeveralLengths) {
  const auto builder = std::make_shared<arrow::FloatBuilder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), builder, vector_type());
  for (const int length : {2, 3}) {
    ASSERT_TRUE(lists.Append().ok());
    for (int i = 0; i < length; ++i) ASSERT_TRUE(builder->Append(1).ok());
  }
  const auto table = arrow::Table::Make(arrow::schema({arrow::field("reduced", vector_type())}),
                                        {lists.Finish().ValueOrDie()});
  const std::string bytes = to_parquet(*table, {});
  EXPECT_TRUE(fails(ErrorCode::corrupt, "several lengths", [&] { decode_reduced(bytes, "part"); }));
}

TEST(Tables, RefuseVectorsWithGaps) {
  const auto type = arrow::list(arrow::field("element", arrow::float32()));
  const auto builder = std::make_shared<arrow::FloatBuilder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), builder, type);
  for (int row = 0; row < 2; ++row) {
    ASSERT_TRUE(lists.Append().ok());
    ASSERT_TRUE(builder->Append(1).ok());
    ASSERT_TRUE((row == 0 ? builder->Append(2) : builder->AppendNull()).ok());
  }
  const auto table =
      arrow::Table::Make(arrow::schema({arrow::field("reduced", type)}), {lists.Finish().ValueOrDie()});
  const std::string bytes = to_parquet(*table, {});
  EXPECT_TRUE(fails(ErrorCode::corrupt, "'reduced' has gaps", [&] { decode_reduced(bytes, "part"); }));
}

TEST(Tables, ReadVectorsAcrossPagesAndRowGroups) {
  constexpr size_t kRows = 1000, kDimension = 100;  // 400 KB: pages are 128 KiB
  const std::vector<float> written = numbers(kRows * kDimension);
  const auto table = arrow::Table::Make(arrow::schema({arrow::field("reduced", vector_type(), false)}),
                                        {vector_array(written, kDimension)});
  const std::string bytes = to_parquet(*table, {.row_groups = {1, 600, 399}});
  size_t dimension = 0;
  EXPECT_EQ(read_vectors(bytes, "part", "reduced", dimension), written);
  EXPECT_EQ(dimension, kDimension);
}

// Damaged bytes are an Error or, where the damage is in a value, another table: never a crash or another
// exception.
template <typename Decode>
void survive_damage(const std::string& good, unsigned seed, const Decode& decode) {
  std::mt19937 random(seed);
  size_t refused = 0;
  for (int round = 0; round < 400; ++round) {
    std::string bytes = good;
    if (round % 4 == 0) {
      bytes.resize(random() % bytes.size());
    } else {
      // Half of the changes go to the footer, where the structure is.
      for (unsigned change = 0; change < 1 + random() % 4; ++change) {
        const size_t from = random() % 2 == 0 ? 0 : bytes.size() - std::min<size_t>(bytes.size(), 700);
        bytes[from + random() % (bytes.size() - from)] = static_cast<char>(random());
      }
    }
    const auto failure = testing::failure_of([&] { decode(bytes); });
    if (failure) {
      EXPECT_EQ(failure->code, ErrorCode::corrupt) << failure->text;
      ++refused;
    }
  }
  EXPECT_GT(refused, 100U);
}

TEST(DamagedTables, Features) {
  survive_damage(encode_features(photo_rows(20), numbers(100), 5), 1,
                 [](const std::string& bytes) { decode_features(bytes, "part"); });
}
TEST(DamagedTables, Reduced) {
  survive_damage(encode_reduced(photo_rows(20), numbers(60), 3), 2,
                 [](const std::string& bytes) { decode_reduced(bytes, "part"); });
}
TEST(DamagedTables, Rejects) {
  survive_damage(encode_rejects(std::vector<RejectRow>(5, {"a", "b", "read", "empty", "no bytes"})), 3,
                 [](const std::string& bytes) { decode_rejects(bytes, "part"); });
}
TEST(DamagedTables, Plan) {
  survive_damage(encode_plan(plan_rows()), 4,
                 [](const std::string& bytes) { decode_plan(bytes, "part", 2); });
}

}  // namespace
}  // namespace pomona
