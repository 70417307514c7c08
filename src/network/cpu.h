// What this machine's CPU can do for a network.
#pragma once

#include <string>
#include <vector>

namespace pomona {

struct CpuFeatures {
  std::string name;                       // as the CPU calls itself
  std::vector<std::string> capabilities;  // as OpenVINO calls them: "FP32", "INT8", "BF16"
  std::string openvino_version;

  bool has(const std::string& capability) const;
};

CpuFeatures cpu_features();

}  // namespace pomona
