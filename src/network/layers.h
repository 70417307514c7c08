// Finding a network's feature layer and making one vector of it.
#pragma once

#include <memory>
#include <string>

#include <openvino/openvino.hpp>

namespace pomona::network {

// The tensor called `name` (a layer's name or a tensor's). Throws Error (usage) with the nearest right names.
ov::Output<ov::Node> find_layer(const ov::Model& model, const std::string& name, const std::string& network);

// The input of the last fully connected layer (a product with a constant matrix, or a 1x1 convolution of 1x1
// pixels) that only shape, bias and activation follow; without one, the last output.
ov::Output<ov::Node> default_layer(const ov::Model& model);

// The name under which find_layer finds it again.
std::string layer_name(const ov::Output<ov::Node>& output);

// Ends the network at `layer`: [1, D] as it is, pixels of any layout averaged, f32.
std::shared_ptr<ov::Model> cut(const ov::Model& model, const ov::Output<ov::Node>& layer,
                               const std::string& network);

}  // namespace pomona::network
