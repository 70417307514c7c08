#include "network/layers.h"

#include <algorithm>
#include <vector>

#include <openvino/op/util/op_types.hpp>
#include <openvino/opsets/opset13.hpp>

#include "base/text.h"
#include "network/constants.h"
#include "network/error.h"

namespace pomona::network {
namespace {

namespace op = ov::opset13;

// Ops that stand between a classifier's last layer and the network's output and mix nothing into the values.
bool is_light(const ov::Node& node) {
  static const std::vector<std::string> kinds = {
      "Add",          "Subtract",   "Multiply", "Divide",  "Clamp",     "Relu",      "Sigmoid",
      "Softmax",      "LogSoftmax", "Reshape",  "Squeeze", "Unsqueeze", "Transpose", "Convert",
      "FakeQuantize", "Elu",        "Tanh",     "Log",     "Result"};
  return std::find(kinds.begin(), kinds.end(), node.get_type_name()) != kinds.end();
}

bool is_fully_connected(const ov::Node& node) {
  if (ov::is_type<op::MatMul>(&node)) return is_constant(node.input_value(1));
  if (!ov::is_type<op::Convolution>(&node)) return false;
  const ov::PartialShape& pixels = node.get_input_partial_shape(0);
  return pixels.is_static() && pixels[2] == 1 && pixels[3] == 1 &&
         node.get_output_partial_shape(0).is_static();
}

// The only input that is not a constant, or nothing.
std::optional<ov::Output<ov::Node>> only_input(const ov::Node& node) {
  std::optional<ov::Output<ov::Node>> found;
  for (const auto& input : node.input_values()) {
    if (is_constant(input)) continue;
    if (found) return std::nullopt;
    found = input;
  }
  return found;
}

std::vector<std::string> all_names(const ov::Model& model) {
  std::vector<std::string> names;
  for (const auto& node : model.get_ordered_ops()) {
    if (ov::op::util::is_constant(node) || ov::op::util::is_output(node) || ov::op::util::is_parameter(node))
      continue;
    names.push_back(node->get_friendly_name());
    for (const auto& output : node->outputs())
      for (const std::string& name : output.get_names())
        if (name != node->get_friendly_name()) names.push_back(name);
  }
  return names;
}

std::string advice(const std::string& wrong, std::vector<std::string> names) {
  std::string text;
  if (const auto guess = nearest(wrong, names)) text = "did you mean " + *guess + "? ";
  constexpr size_t kShown = 8;
  const size_t first = names.size() > kShown ? names.size() - kShown : 0;
  text += "The last layers are ";
  for (size_t i = first; i < names.size(); ++i) text += (i > first ? ", " : "") + names[i];
  return text;
}

// Axes to average over so that [1, D] is left.
std::vector<int64_t> pooled_axes(const ov::Shape& shape) {
  switch (shape.size()) {
    case 3:  // [1, tokens, D]
      return {1};
    case 4:  // Photos are square: the two equal sizes are the pixels. [1, D, h, w] or [1, h, w, D]
      return shape[2] == shape[3] ? std::vector<int64_t>{2, 3} : std::vector<int64_t>{1, 2};
    default:
      return {};
  }
}

}  // namespace

ov::Output<ov::Node> find_layer(const ov::Model& model, const std::string& name, const std::string& network) {
  for (const auto& node : model.get_ordered_ops()) {
    if (ov::op::util::is_constant(node) || ov::op::util::is_output(node)) continue;
    if (node->get_friendly_name() == name) return node->output(0);
    for (const auto& output : node->outputs())
      if (output.get_names().contains(name)) return output;
  }
  throw fault(ErrorCode::usage, network, "has no layer '" + name + "'", advice(name, all_names(model)));
}

ov::Output<ov::Node> default_layer(const ov::Model& model) {
  const auto& last = model.get_results().back();
  std::optional<ov::Output<ov::Node>> at = last->input_value(0);
  while (at) {
    const ov::Node& node = *at->get_node();
    if (is_fully_connected(node)) return node.input_value(0);
    if (!is_light(node)) break;
    at = only_input(node);
  }
  return last->input_value(0);
}

std::string layer_name(const ov::Output<ov::Node>& output) {
  if (output.get_index() == 0) return output.get_node()->get_friendly_name();
  return output.get_names().empty() ? output.get_node()->get_friendly_name() : output.get_any_name();
}

std::shared_ptr<ov::Model> cut(const ov::Model& model, const ov::Output<ov::Node>& layer,
                               const std::string& network) {
  const std::string name = layer_name(layer);
  if (layer.get_partial_shape().is_dynamic())
    throw fault(ErrorCode::usage, network, "the shape of layer '" + name + "' depends on the photo",
                "choose another with --output-layer");
  const ov::Shape& shape = layer.get_shape();
  if (shape.size() < 2 || shape.size() > 4 || shape[0] != 1)
    throw fault(ErrorCode::usage, network,
                "layer '" + name + "' has the shape " + layer.get_partial_shape().to_string() +
                    ", which is no vector",
                "choose a layer of shape [1, D], [1, D, h, w] or [1, h, w, D] with --output-layer");
  ov::Output<ov::Node> end = layer;
  if (end.get_element_type() != ov::element::f32) {
    end = std::make_shared<op::Convert>(end, ov::element::f32);
    end.get_node()->set_friendly_name("pomona.f32");
  }
  if (const auto axes = pooled_axes(shape); !axes.empty()) {
    const auto constant = op::Constant::create(ov::element::i64, {axes.size()}, axes);
    constant->set_friendly_name("pomona.pool.axes");
    end = std::make_shared<op::ReduceMean>(end, constant, false);
    end.get_node()->set_friendly_name("pomona.pool");
  }
  const auto result = std::make_shared<op::Result>(end);
  result->set_friendly_name("pomona.features");
  return std::make_shared<ov::Model>(ov::ResultVector{result}, model.get_parameters(),
                                     model.get_friendly_name());
}

}  // namespace pomona::network
