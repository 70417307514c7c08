#pragma once

#include <string>

namespace pomona {

// Of the OpenVINO that infers, as it names itself.
std::string openvino_version();

}  // namespace pomona
