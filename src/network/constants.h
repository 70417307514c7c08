// What is known of a tensor before a photo is seen.
#pragma once

#include <openvino/openvino.hpp>

namespace pomona::network {

// Whether the tensor does not depend on the network's input.
bool is_constant(const ov::Output<ov::Node>& output);

}  // namespace pomona::network
