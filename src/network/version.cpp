#include "network/version.h"

#include <openvino/core/version.hpp>

namespace pomona {

std::string openvino_version() {
  const std::string build =
      ov::get_openvino_version().buildNumber;  // 2026.4.1-22982-e213a147257-releases/2026/4
  return build.substr(0, build.find('-'));
}

}  // namespace pomona
