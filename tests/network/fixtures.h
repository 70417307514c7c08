// Small networks and photos for the tests of this layer.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <openvino/openvino.hpp>
#include <openvino/opsets/opset13.hpp>
#include <openvino/pass/serialize.hpp>
#include <unistd.h>

#include "network/network.h"

namespace pomona {
// How GoogleTest shows it.
inline void PrintTo(Precision precision, std::ostream* stream) { *stream << name(precision); }
}  // namespace pomona

namespace pomona::testing {

namespace op = ov::opset13;
namespace fs = std::filesystem;

// A folder that goes with the test, and no compile cache but one in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "pomona-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    setenv("POMONA_CACHE", (path_ / "cache").c_str(), 1);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::permissions(path_ / "cache", fs::perms::owner_all, ignored);
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline std::vector<uint8_t> photo(size_t bytes, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> pixels(bytes);
  // Smooth in one direction, rough in the other, so that layers see both.
  for (size_t i = 0; i < bytes; ++i)
    pixels[i] = static_cast<uint8_t>((i / 97 + random() % 64 + seed * 31) % 256);
  return pixels;
}

inline std::shared_ptr<ov::Node> weights(const ov::Shape& shape, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> values(ov::shape_size(shape));
  for (float& value : values) value = static_cast<float>(random() % 2001) / 1000.0F - 1;
  return op::Constant::create(ov::element::f32, shape, values);
}

inline std::shared_ptr<ov::Node> convolve(const ov::Output<ov::Node>& x, const ov::Shape& kernel,
                                          unsigned seed, const std::string& name) {
  const size_t side = kernel[2];
  const auto pad = static_cast<std::ptrdiff_t>(side / 2);
  auto node = std::make_shared<op::Convolution>(x, weights(kernel, seed), ov::Strides{1, 1},
                                                ov::CoordinateDiff{pad, pad}, ov::CoordinateDiff{pad, pad},
                                                ov::Strides{1, 1});
  node->set_friendly_name(name);
  return node;
}

// image -> conv1 -> ReLU -> conv2 + ReLU = sum -> pool -> 10 classes: f32, `channels` in, of the given size
// (0: any).
inline std::shared_ptr<ov::Model> small_convnet(int64_t size = 32, int64_t channels = 3) {
  const ov::Dimension side = size > 0 ? ov::Dimension(size) : ov::Dimension::dynamic();
  auto image = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{1, channels, side, side});
  image->set_friendly_name("image");
  auto relu =
      std::make_shared<op::Relu>(convolve(image, {8, static_cast<size_t>(channels), 3, 3}, 1, "conv1"));
  relu->set_friendly_name("relu");
  auto sum = std::make_shared<op::Add>(convolve(relu, {8, 8, 3, 3}, 2, "conv2"), relu);
  sum->set_friendly_name("sum");
  auto head = convolve(sum, {16, 8, 1, 1}, 3, "head");
  auto axes = op::Constant::create(ov::element::i64, {2}, {2, 3});
  auto pool = std::make_shared<op::ReduceMean>(head, axes, false);
  pool->set_friendly_name("pool");
  auto logits = std::make_shared<op::MatMul>(pool, weights({16, 10}, 4));
  logits->set_friendly_name("logits");
  auto probabilities = std::make_shared<op::Softmax>(logits, 1);
  probabilities->set_friendly_name("probabilities");
  return std::make_shared<ov::Model>(ov::OutputVector{probabilities}, ov::ParameterVector{image}, "small");
}

inline std::string save(const std::shared_ptr<ov::Model>& model, const fs::path& xml) {
  ov::pass::Serialize(xml.string(), fs::path(xml).replace_extension(".bin").string()).run_on_model(model);
  return xml.string();
}

inline NetworkSettings settings(const std::string& network, Precision precision) {
  NetworkSettings chosen;
  chosen.network = network;
  chosen.precision = precision;
  return chosen;
}

inline std::vector<float> infer(CompiledNetwork::Session& session, const std::vector<uint8_t>& pixels) {
  const std::span<uint8_t> input = session.input();
  if (input.size() != pixels.size()) throw std::logic_error("the photo is of another size");
  std::copy(pixels.begin(), pixels.end(), input.begin());
  const auto features = session.infer();
  return {features.begin(), features.end()};
}

inline std::vector<float> infer_once(const Network& network, unsigned seed) {
  CompiledNetwork compiled(network, 1);
  auto session = compiled.session();
  return infer(session, photo(session.input().size(), seed));
}

inline const std::string kMobileNet =
    std::string(POMONA_SHARED_DIR) + "/models/mobilenet_v2_1.0_224_quant.tflite";

// The message of the Error that `act` throws; empty where it throws none.
template <typename Act>
std::string message_of(const Act& act) try {
  act();
  return {};
} catch (const std::exception& error) {
  return error.what();
}

}  // namespace pomona::testing
