// INT8 without a quantisation tool: a table of activation ranges and the weights are all it takes.
// The scheme is that of Jacob et al., "Quantization and Training of Neural Networks for Efficient
// Integer-Arithmetic-Only Inference" (2018), with weights quantised per output channel; see
// docs/decisions/int8.md.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <openvino/openvino.hpp>

#include "network/network.h"

namespace pomona::network {

// A tensor that INT8 holds in 8 bits.
struct Site {
  std::string name;
  ov::Output<ov::Node> tensor;
  std::optional<std::pair<float, float>> known;  // from the op itself: ReLU6 gives [0, 6]
};

// The tensors to quantise, in the order of computation: the input of every convolution, and both terms of
// every sum of two branches. Tensors that the network quantises itself are none of them.
std::vector<Site> find_sites(const ov::Model& model, const std::pair<float, float>& input_range);

// Quantises the model: activations to u8 per tensor with an exact zero, weights of convolutions to i8,
// symmetric, per output channel. Returns the ranges that were used. Throws Error (usage) naming what has no
// range.
Ranges quantize(ov::Model& model, const Ranges& ranges, const std::pair<float, float>& input_range,
                const std::string& network);

// What the readers of a site's tensor see once quantize() was there.
ov::Output<ov::Node> quantized_tensor(const Site& site);

// [low, high] moved and widened so that a multiple of the step (high - low) / 255 falls on zero exactly.
std::pair<float, float> with_exact_zero(std::pair<float, float> range);

}  // namespace pomona::network
