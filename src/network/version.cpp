#include "network/version.h"

#include <openvino/core/version.hpp>

namespace pomona {

std::string openvino_version() { return ov::get_openvino_version().buildNumber; }

}  // namespace pomona
