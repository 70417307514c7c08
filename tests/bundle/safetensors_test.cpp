#include "bundle/safetensors.h"

#include <cstring>
#include <random>

#include <gtest/gtest.h>

#include "bundle/parameters.h"
#include "support.h"

namespace pomona {
namespace {

using testing::fails;

std::string file_of(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

TEST(Safetensors, ComeBackAsTheyWere) {
  const Tensors tensors = {
      {"a", {{2, 3}, {1, 2, 3, -4, 5e300, 6}}}, {"empty", {{0, 7}, {}}}, {"one", {{1}, {0.1}}}};
  const std::string bytes = encode_safetensors(tensors);
  const Tensors back = decode_safetensors(bytes, "file");
  ASSERT_EQ(back.size(), 3U);
  for (const auto& [name, tensor] : tensors) {
    EXPECT_EQ(back.at(name).shape, tensor.shape);
    EXPECT_EQ(back.at(name).values, tensor.values);
  }
  EXPECT_EQ(encode_safetensors(back), bytes);
  uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  EXPECT_EQ(header % 8, 0U);  // the data is aligned
}

TEST(Safetensors, RefuseHostileHeaders) {
  const std::string data(16, '\0');
  const auto entry = [](const std::string& shape, const std::string& offsets) {
    return R"({"t":{"dtype":"F64","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  EXPECT_EQ(decode_safetensors(file_of(entry("[2]", "[0,16]"), data), "file").at("t").values.size(), 2U);
  const std::vector<std::string> wrong = {
      "",
      "[]",
      "7",
      "{",
      "{}",  // the data belongs to no tensor
      entry("[2]", "[0,24]"),
      entry("[2]", "[8,16]"),
      entry("[1]", "[8,16]"),
      entry("[1]", "[0,8]"),
      entry("[3]", "[0,16]"),
      entry("[2]", "[16,0]"),
      entry("[2]", "[0]"),
      entry("[2]", "[0,16,16]"),
      entry("[2]", "\"0\""),
      entry("2", "[0,16]"),
      entry("[-2]", "[0,16]"),
      entry("[18446744073709551615]", "[0,16]"),
      entry("[4294967296,4294967296,2]", "[0,16]"),
      entry("[2305843009213693954]", "[0,16]"),  // times 8 is 16 again, modulo 2^64
      R"({"t":7})",
      R"({"t":{"shape":[2],"data_offsets":[0,16]}})",
      R"({"t":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})",
      R"({"t":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"u":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}})",
      std::string(10'000, '['),
  };
  for (const std::string& header : wrong) {
    EXPECT_TRUE(fails(ErrorCode::corrupt, "file", [&] { decode_safetensors(file_of(header, data), "file"); }))
        << header.substr(0, 200);
  }
  std::string longer = file_of(entry("[2]", "[0,16]"), data);
  for (const uint64_t length : {uint64_t{1} << 40, ~uint64_t{0}, uint64_t{longer.size() - 7}}) {
    std::memcpy(longer.data(), &length, 8);
    EXPECT_TRUE(fails(ErrorCode::corrupt, "", [&] { decode_safetensors(longer, "file"); }));
  }
}

TEST(Safetensors, SurviveDamage) {
  const std::string good = encode_safetensors({{"a", {{2, 2}, {1, 2, 3, 4}}}, {"b", {{1}, {5}}}});
  std::mt19937 random(1);
  size_t refused = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string bytes = good;
    if (round % 4 == 0) bytes.resize(random() % bytes.size());
    for (int change = 0; change < 2 && !bytes.empty(); ++change)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto failure = testing::failure_of([&] { decode_safetensors(bytes, "file"); });
    if (!failure) continue;
    EXPECT_EQ(failure->code, ErrorCode::corrupt);
    ++refused;
  }
  EXPECT_GT(refused, 600U);
}

struct Model {
  StandardScaler scaler{{1, 2, 3}, {4, 9, 16}, {2, 3, 4}};
  Pca pca;
  Model() {
    pca.dimension = 3;
    pca.components = {1, 0, 0, 0, 1, 0};
    pca.explained_variance = {3, 2};
    pca.explained_variance_ratio = {0.5, 0.25};
    pca.mean = {0, 0.5, -0.5};
    pca.spectrum = {0.5, 0.25, 0.25};
    pca.total_variance = 6;
    pca.noise_variance = 1;
    pca.count = 1234567;
    pca.whiten = true;
  }
};

TEST(Parameters, ComeBackAsTheyWere) {
  const Model model;
  StandardScaler scaler;
  Pca pca;
  from_tensors(to_tensors(model.scaler, model.pca), "file", scaler, pca);
  EXPECT_EQ(scaler.mean, model.scaler.mean);
  EXPECT_EQ(scaler.variance, model.scaler.variance);
  EXPECT_EQ(scaler.scale, model.scaler.scale);
  EXPECT_EQ(pca.components, model.pca.components);
  EXPECT_EQ(pca.explained_variance, model.pca.explained_variance);
  EXPECT_EQ(pca.explained_variance_ratio, model.pca.explained_variance_ratio);
  EXPECT_EQ(pca.mean, model.pca.mean);
  EXPECT_EQ(pca.spectrum, model.pca.spectrum);
  EXPECT_EQ(pca.total_variance, 6);
  EXPECT_EQ(pca.noise_variance, 1);
  EXPECT_EQ(pca.count, 1234567U);
  EXPECT_TRUE(pca.whiten);
}

TEST(Parameters, AreRefusedWhereOneIsMissingOrDoesNotFit) {
  const Tensors good = to_tensors(Model().scaler, Model().pca);
  const auto refused = [](const Tensors& tensors) {
    StandardScaler scaler;
    Pca pca;
    return fails(ErrorCode::corrupt, "file", [&] { from_tensors(tensors, "file", scaler, pca); });
  };
  for (const auto& [name, tensor] : good) {
    Tensors missing = good;
    missing.erase(name);
    EXPECT_TRUE(refused(missing)) << name;
    Tensors reshaped = good;
    reshaped[name].shape.push_back(1);
    EXPECT_TRUE(refused(reshaped)) << name;
    Tensors infinite = good;
    infinite[name].values[0] = std::numeric_limits<double>::infinity();
    EXPECT_TRUE(refused(infinite)) << name;
  }
  Tensors flat = good;
  flat["scaler.scale"].values[1] = 0;
  EXPECT_TRUE(refused(flat));
  Tensors negative = good;
  negative["pca.count"].values[0] = -1;
  EXPECT_TRUE(refused(negative));
}

}  // namespace
}  // namespace pomona
