// Errors of this layer, in one voice: "[network] my.onnx: cause" and the next step.
#pragma once

#include <string>

#include "base/error.h"

namespace pomona::network {

inline Error fault(ErrorCode code, const std::string& object, const std::string& cause,
                   const std::string& next_step = {}) {
  return {code, "network", object, cause, next_step};
}

// What OpenVINO says, without its source locations: the last line that tells something.
std::string openvino_cause(const std::exception& exception);

}  // namespace pomona::network
