// Names of layers that are the same whenever a network is read.
#pragma once

#include <openvino/openvino.hpp>

namespace pomona::network {

// OpenVINO names a node that has no name after its type and a counter of the process: "Add_1234". Such names
// differ between two reads of one file, so neither a table of ranges nor a bundle could refer to them. Here
// they become the tensor's name, or the type and a count within the network: "Add#12".
void settle_names(ov::Model& model);

}  // namespace pomona::network
