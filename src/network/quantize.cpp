#include "network/quantize.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include <openvino/op/util/op_types.hpp>
#include <openvino/opsets/opset13.hpp>

#include "network/constants.h"
#include "network/error.h"
#include "network/layers.h"

namespace pomona::network {
namespace {

namespace op = ov::opset13;

constexpr size_t kActivationLevels = 256;
constexpr float kWeightMaximum = 127;  // symmetric: -127..127, 255 levels

bool is_convolution(const ov::Node& node) {
  return ov::is_type<op::Convolution>(&node) || ov::is_type<op::GroupConvolution>(&node);
}

// A sum of two branches, as at the end of a residual block.
bool is_branch_sum(const ov::Node& node) {
  return ov::is_type<op::Add>(&node) && !is_constant(node.input_value(0)) &&
         !is_constant(node.input_value(1));
}

// Ops that hand values on unchanged: what they give has the range of what they take.
bool keeps_values(const ov::Node& node) {
  return ov::is_type<op::MaxPool>(&node) || ov::is_type<op::Reshape>(&node) ||
         ov::is_type<op::Transpose>(&node) || ov::is_type<op::Squeeze>(&node) ||
         ov::is_type<op::Unsqueeze>(&node);
}

std::optional<std::pair<float, float>> known_range(const ov::Node& node,
                                                   const std::pair<float, float>& input_range) {
  if (ov::op::util::is_parameter(&node)) return input_range;
  if (const auto* clamp = ov::as_type<const op::Clamp>(&node))
    return std::pair{static_cast<float>(clamp->get_min()), static_cast<float>(clamp->get_max())};
  if (ov::is_type<op::Sigmoid>(&node)) return std::pair{0.0F, 1.0F};
  return std::nullopt;
}

std::shared_ptr<ov::Node> scalar(float value) { return op::Constant::create(ov::element::f32, {}, {value}); }

void quantize_activation(const Site& site, const std::pair<float, float>& range) {
  const auto [low, high] = with_exact_zero(range);
  const auto readers = site.tensor.get_target_inputs();
  const auto node = std::make_shared<op::FakeQuantize>(site.tensor, scalar(low), scalar(high), scalar(low),
                                                       scalar(high), kActivationLevels);
  node->set_friendly_name(site.name + "/u8");
  for (auto reader : readers) reader.replace_source_output(node);
}

// The numbers of one output channel, [I, h, w], become i8 when they are divided by this.
//
// Without VNNI a CPU multiplies u8 by i8 with vpmaddubsw, which adds the products of input channels 2 i and
// 2 i + 1 in 16 bits and saturates. 255 * 128 fits; so weights of one sign in such a pair sum to 128 at most,
// 127 before each is rounded. Then every CPU computes the same sums (docs/decisions/int8.md).
float kernel_factor(std::span<const float> kernel, size_t inputs) {
  const size_t area = kernel.size() / inputs;
  float largest = 0;
  for (size_t input = 0; input < inputs; input += 2) {
    for (size_t at = 0; at < area; ++at) {
      const float one = kernel[input * area + at];
      const float other = input + 1 < inputs ? kernel[(input + 1) * area + at] : 0;
      // Of one sign, the sum is the largest of the three; of two, it is not.
      largest = std::max({largest, std::abs(one + other), std::abs(one), std::abs(other)});
    }
  }
  return largest > 0 ? largest / kWeightMaximum : 1;
}

// As std::nearbyint for numbers below 2^22, which is a function call where the processor is not known to have
// SSE4.1: beyond 1.5 * 2^23 a float32 holds whole numbers alone.
float to_nearest(float value) {
  constexpr float kWholeOnly = 12'582'912;
  return (value + kWholeOnly) - kWholeOnly;
}

// The numbers of one output channel, rounded so that their sum is kept to half a step: with inputs that are
// mostly positive, what rounding adds to all of them shifts the whole channel, and such shifts gather from
// layer to layer. The numbers that are nearest to the other side go there.
std::vector<int8_t> rounded(std::span<const float> kernel, float factor) {
  std::vector<float> steps(kernel.size());
  std::vector<float> lost(kernel.size());
  double sum_lost = 0;
  for (size_t i = 0; i < kernel.size(); ++i) {
    const float exact = kernel[i] / factor;
    steps[i] = to_nearest(exact);
    lost[i] = exact - steps[i];
    sum_lost += static_cast<double>(lost[i]);
  }
  const float direction = sum_lost > 0 ? 1 : -1;
  const auto moved = static_cast<std::ptrdiff_t>(std::nearbyint(std::abs(sum_lost)));
  std::vector<size_t> order(kernel.size());
  std::iota(order.begin(), order.end(), size_t{0});
  // They are few. Of two that are equally near it is the first: the choice must be the same everywhere.
  std::ranges::partial_sort(order, order.begin() + moved, [&](size_t a, size_t b) {
    return lost[a] != lost[b] ? direction * lost[a] > direction * lost[b] : a < b;
  });
  std::for_each_n(order.begin(), moved, [&](size_t i) { steps[i] += direction; });
  std::vector<int8_t> numbers;
  numbers.reserve(kernel.size());
  for (const float step : steps) {
    numbers.push_back(static_cast<int8_t>(std::clamp(step, -kWeightMaximum, kWeightMaximum)));
  }
  return numbers;
}

// The kernel's numbers, of shape [O, I, h, w] or [G, O, I, h, w]: i8 times one factor per output channel.
std::shared_ptr<ov::Node> quantized_kernel(const op::Constant& kernel, size_t channel_axes) {
  const ov::Shape& shape = kernel.get_shape();
  ov::Shape factor_shape(shape.size(), 1);
  std::copy_n(shape.begin(), channel_axes, factor_shape.begin());
  const size_t channels = ov::shape_size(factor_shape);
  const size_t per_channel = ov::shape_size(shape) / channels;
  const size_t inputs = shape[static_cast<std::ptrdiff_t>(channel_axes)];
  const std::vector<float> values = kernel.cast_vector<float>();
  std::vector<float> factors(channels);
  std::vector<int8_t> quantized;
  quantized.reserve(values.size());
  for (size_t channel = 0; channel < channels; ++channel) {
    const auto numbers = std::span(values).subspan(channel * per_channel, per_channel);
    factors[channel] = kernel_factor(numbers, inputs);
    const auto steps = rounded(numbers, factors[channel]);
    quantized.insert(quantized.end(), steps.begin(), steps.end());
  }
  const auto integers = std::make_shared<op::Convert>(op::Constant::create(ov::element::i8, shape, quantized),
                                                      ov::element::f32);
  return std::make_shared<op::Multiply>(integers,
                                        op::Constant::create(ov::element::f32, factor_shape, factors));
}

// The numbers of a tensor that does not depend on the photo: some files keep kernels as u8 and compute them
// from it.
std::shared_ptr<op::Constant> evaluate(const ov::Output<ov::Node>& output) {
  if (auto constant = ov::as_type_ptr<op::Constant>(output.get_node_shared_ptr())) return constant;
  const ov::Model expression(ov::OutputVector{output}, ov::ParameterVector{});
  ov::TensorVector values{ov::Tensor(output.get_element_type(), output.get_shape())};
  if (!expression.evaluate(values, {})) return nullptr;
  return std::make_shared<op::Constant>(values.front());
}

void quantize_kernel(ov::Node& convolution) {
  if (!is_constant(convolution.input_value(1))) return;  // computed from the photo: stays as it is
  const auto kernel = evaluate(convolution.input_value(1));
  if (kernel == nullptr) return;
  const size_t channel_axes = ov::is_type<op::GroupConvolution>(&convolution) ? 2 : 1;
  const auto replacement = quantized_kernel(*kernel, channel_axes);
  replacement->set_friendly_name(convolution.get_friendly_name() + "/i8");
  convolution.input(1).replace_source_output(replacement);
}

Error missing_ranges(const std::vector<std::string>& names, const std::string& network) {
  std::string which = "it needs those of " + names.front();
  if (names.size() > 1) which += " and " + std::to_string(names.size() - 1) + " more tensors";
  return fault(ErrorCode::usage, network, "has no INT8 ranges (" + which + ")",
               "Give --precision f32 or bf16, or measure them: pomona calibrate SOURCE --network " + network +
                   " -o ranges.json, then --ranges ranges.json");
}

}  // namespace

ov::Output<ov::Node> quantized_tensor(const Site& site) {
  return (*site.tensor.get_target_inputs().begin()).get_node()->output(0);
}

std::pair<float, float> with_exact_zero(std::pair<float, float> range) {
  const double low = std::min(range.first, 0.0F);
  const double high = std::max(range.second, 0.0F);
  const double step = (high - low) / (kActivationLevels - 1);
  const double zero = std::nearbyint(-low / step);
  return {static_cast<float>(-zero * step), static_cast<float>((kActivationLevels - 1 - zero) * step)};
}

std::vector<Site> find_sites(const ov::Model& model, const std::pair<float, float>& input_range) {
  std::vector<Site> sites;
  std::set<ov::Output<ov::Node>> seen;
  const auto visit = [&](ov::Output<ov::Node> tensor) {
    while (keeps_values(*tensor.get_node())) tensor = tensor.get_node()->input_value(0);
    if (ov::is_type<op::FakeQuantize>(tensor.get_node()) || is_constant(tensor)) return;
    if (!seen.insert(tensor).second) return;
    sites.push_back({layer_name(tensor), tensor, known_range(*tensor.get_node(), input_range)});
  };
  for (const auto& node : model.get_ordered_ops()) {
    if (is_convolution(*node)) visit(node->input_value(0));
    if (is_branch_sum(*node)) {
      visit(node->input_value(0));
      visit(node->input_value(1));
    }
  }
  return sites;
}

Ranges quantize(ov::Model& model, const Ranges& ranges, const std::pair<float, float>& input_range,
                const std::string& network) {
  const std::vector<Site> sites = find_sites(model, input_range);
  Ranges used;
  std::vector<std::string> missing;
  for (const Site& site : sites) {
    const auto entry = ranges.find(site.name);
    if (entry != ranges.end())
      used[site.name] = entry->second;
    else if (site.known)
      used[site.name] = *site.known;
    else
      missing.push_back(site.name);
  }
  if (!missing.empty()) throw missing_ranges(missing, network);
  for (const Site& site : sites) quantize_activation(site, used[site.name]);
  for (const auto& node : model.get_ordered_ops())
    if (is_convolution(*node)) quantize_kernel(*node);
  return used;
}

}  // namespace pomona::network
