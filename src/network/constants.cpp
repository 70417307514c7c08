#include "network/constants.h"

#include <unordered_set>
#include <vector>

#include <openvino/op/util/op_types.hpp>

namespace pomona::network {

bool is_constant(const ov::Output<ov::Node>& output) {
  std::vector<const ov::Node*> open = {output.get_node()};
  std::unordered_set<const ov::Node*> seen;
  while (!open.empty()) {
    const ov::Node* node = open.back();
    open.pop_back();
    if (!seen.insert(node).second) continue;
    if (ov::op::util::is_parameter(node)) return false;
    for (const auto& input : node->input_values()) open.push_back(input.get_node());
  }
  return true;
}

}  // namespace pomona::network
