#pragma once

#include <string>

namespace pomona {

// Of the OpenVINO that infers: "2026.4.1".
std::string openvino_version();

}  // namespace pomona
