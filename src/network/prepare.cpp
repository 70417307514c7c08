#include "network/prepare.h"

#include <algorithm>
#include <sstream>

#include "network/error.h"

namespace pomona::network {
namespace {

constexpr int kChannels = 3;

bool may_be(const ov::Dimension& dimension, int64_t value) { return dimension.compatible(value); }

bool detect_channels_last(const ov::PartialShape& shape, const std::string& network) {
  const bool first = shape[1].is_static() ? shape[1] == kChannels : may_be(shape[1], kChannels);
  const bool last = shape[3].is_static() ? shape[3] == kChannels : may_be(shape[3], kChannels);
  if (shape[1] == kChannels) return false;
  if (shape[3] == kChannels) return true;
  if (!first && !last)
    throw fault(ErrorCode::usage, network,
                "takes an input of shape " + shape.to_string() + ", which is no photo of 3 channels",
                "choose a network that takes RGB photos: [1, 3, s, s] or [1, s, s, 3]");
  return !first;
}

bool is_supported(const ov::element::Type& type) {
  return type == ov::element::f32 || type == ov::element::f16 || type == ov::element::bf16 ||
         type == ov::element::u8;
}

bool wants_bgr(const ov::Model& model) {
  if (!model.has_rt_info("model_info", "reverse_input_channels")) return false;
  const auto& value = model.get_rt_info<std::string>("model_info", "reverse_input_channels");
  return value == "YES" || value == "True" || value == "true";
}

}  // namespace

Input examine_input(const ov::Model& model, const std::string& network) {
  if (model.inputs().size() != 1)
    throw fault(ErrorCode::usage, network,
                "takes " + std::to_string(model.inputs().size()) + " inputs instead of one photo",
                "choose a network with a single input, an RGB photo");
  const ov::PartialShape shape = model.input().get_partial_shape();
  const ov::element::Type type = model.input().get_element_type();
  if (shape.rank().is_dynamic() || shape.size() != 4)
    throw fault(ErrorCode::usage, network,
                "takes an input of shape " + shape.to_string() + ", which is no photo",
                "choose a network that takes RGB photos: [1, 3, s, s] or [1, s, s, 3]");
  if (!is_supported(type))
    throw fault(ErrorCode::usage, network, "takes pixels of type " + type.get_type_name(),
                "choose a network that takes float or u8 pixels");
  if (wants_bgr(model))
    throw fault(ErrorCode::usage, network, "takes blue before red, and says so in its model_info",
                "convert it so that it takes RGB");
  Input input;
  input.takes_bytes = type == ov::element::u8;
  input.channels_last = detect_channels_last(shape, network);
  const ov::Dimension& height = shape[input.channels_last ? 1 : 2];
  const ov::Dimension& width = shape[input.channels_last ? 2 : 3];
  if (height.is_static() && width.is_static() && height == width)
    input.size = static_cast<int>(height.get_length());
  return input;
}

std::vector<float> stated_values(const ov::Model& model, const char* key) {
  if (!model.has_rt_info("model_info", key)) return {};
  std::istringstream text(model.get_rt_info<std::string>("model_info", key));
  std::vector<float> values;
  for (float value = 0; text >> value;) values.push_back(value);
  return values;
}

void set_size(ov::Model& model, const Input& input, int size, const std::string& network) {
  const ov::PartialShape shape = input.channels_last ? ov::PartialShape{1, size, size, kChannels}
                                                     : ov::PartialShape{1, kChannels, size, size};
  if (model.input().get_partial_shape() == shape) return;
  try {
    model.reshape(shape);
  } catch (const std::exception& exception) {
    throw fault(ErrorCode::usage, network,
                "cannot run at " + std::to_string(size) + " pixels: " + openvino_cause(exception),
                input.size > 0 ? "give --size " + std::to_string(input.size) : "give another --size");
  }
}

std::pair<float, float> input_range(const std::vector<float>& mean, const std::vector<float>& scale) {
  std::pair<float, float> range{0.0F, 0.0F};
  for (size_t channel = 0; channel < kChannels; ++channel) {
    const float m = mean[mean.size() == 1 ? 0 : channel];
    const float s = scale[scale.size() == 1 ? 0 : channel];
    for (const float pixel : {0.0F, 255.0F}) {
      range.first = std::min(range.first, (pixel - m) / s);
      range.second = std::max(range.second, (pixel - m) / s);
    }
  }
  return range;
}

void fold_preprocessing(std::shared_ptr<ov::Model>& model, const Input& input, const std::vector<float>& mean,
                        const std::vector<float>& scale) {
  ov::preprocess::PrePostProcessor processor(model);
  auto& photo = processor.input();
  photo.tensor().set_element_type(ov::element::u8).set_layout("NHWC");
  photo.model().set_layout(input.channels_last ? "NHWC" : "NCHW");
  if (!input.takes_bytes) {
    photo.preprocess().convert_element_type(ov::element::f32);
    if (std::any_of(mean.begin(), mean.end(), [](float value) { return value != 0; }))
      photo.preprocess().mean(mean);
    if (std::any_of(scale.begin(), scale.end(), [](float value) { return value != 1; }))
      photo.preprocess().scale(scale);
  }
  model = processor.build();
}

}  // namespace pomona::network
