#include "network/cpu.h"

#include <algorithm>

#include <openvino/openvino.hpp>

namespace pomona {

bool CpuFeatures::has(const std::string& capability) const {
  return std::ranges::find(capabilities, capability) != capabilities.end();
}

CpuFeatures cpu_features() {
  ov::Core core;
  return {core.get_property("CPU", ov::device::full_name), core.get_property("CPU", ov::device::capabilities),
          ov::get_openvino_version().buildNumber};
}

}  // namespace pomona
