// From a network as its file says it to the one that Pomona runs: u8 pixels in, one vector out.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <openvino/openvino.hpp>

namespace pomona::network {

// Pixels on a side. At fewer than the least, networks have nothing left to see.
inline constexpr int kSmallestSize = 16, kLargestSize = 2048;

// How the network takes a photo.
struct Input {
  bool channels_last = false;
  bool takes_bytes = false;  // u8 pixels as they are: normalisation is the network's own affair
  int size = 0;              // pixels on a side by the file; 0: any
};

// Throws Error (usage) where the network takes anything but one RGB photo.
Input examine_input(const ov::Model& model, const std::string& network);

// Normalisation by the file (OpenVINO's `model_info`): "mean_values" or "scale_values". Empty where it says
// nothing.
std::vector<float> stated_values(const ov::Model& model, const char* key);

// Sets the photo's size. Throws Error (usage) where the network cannot run at it.
void set_size(ov::Model& model, const Input& input, int size, const std::string& network);

// What normalised pixels can be.
std::pair<float, float> input_range(const std::vector<float>& mean, const std::vector<float>& scale);

// Puts the conversion of [1, size, size, 3] u8 RGB before the network: to its type and layout, (x - mean) /
// scale.
void fold_preprocessing(std::shared_ptr<ov::Model>& model, const Input& input, const std::vector<float>& mean,
                        const std::vector<float>& scale);

}  // namespace pomona::network
