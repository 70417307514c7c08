// What a prepared network holds. Inside this layer only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <openvino/openvino.hpp>

#include "network/network.h"

namespace pomona {

struct Network::State {
  std::shared_ptr<ov::Core> core;
  std::shared_ptr<ov::Model> model;
  std::string name;
  std::string sha256;
  std::string graph_sha256;  // of this very graph, for the cache: what a bundle says of itself is not trusted
  std::string output_layer;
  std::string remark;
  Precision precision = Precision::f32;
  int size = 0;
  int dimension = 0;
  std::vector<float> mean, scale;
  Ranges ranges;
};

}  // namespace pomona
