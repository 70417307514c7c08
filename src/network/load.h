// The steps that every use of a network begins with: read, choose size and normalisation, cut at the feature
// layer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <openvino/openvino.hpp>

#include "network/network.h"
#include "network/prepare.h"
#include "network/source.h"

namespace pomona::network {

// A network that ends at its feature layer; float, and without pre-processing.
struct CutNetwork {
  Source source;
  std::string source_sha256;
  std::shared_ptr<ov::Core> core;
  std::shared_ptr<ov::Model> model;
  Input input;
  int size = 0;
  std::vector<float> mean, scale;
  std::string output_layer;
  std::string remark;  // see Network::remark
};

// Throws Error where the network, the layer or the settings do not fit.
CutNetwork load_cut(const NetworkSettings& settings);

}  // namespace pomona::network
