#include "network/load.h"

#include <algorithm>
#include <cmath>

#include "network/error.h"
#include "network/layers.h"

namespace pomona::network {
namespace {

int choose_size(const NetworkSettings& settings, const Input& input, const std::string& name) {
  if (settings.size == 0 && input.size == 0)
    throw fault(ErrorCode::usage, name, "takes photos of any size", "say which in pixels: --size 224");
  const int size = settings.size != 0 ? settings.size : input.size;
  if (size < kSmallestSize || size > kLargestSize)
    throw fault(
        ErrorCode::usage, name, "cannot run at " + std::to_string(size) + " pixels",
        "give a --size from " + std::to_string(kSmallestSize) + " to " + std::to_string(kLargestSize));
  return size;
}

// One number for all channels or one for each; what was given, else what the file says, else `neutral`.
std::vector<float> choose_values(const std::vector<float>& given, const std::vector<float>& stated,
                                 float neutral, const char* flag, const Input& input,
                                 const std::string& name) {
  const std::vector<float> chosen = !given.empty() ? given : stated.empty() ? std::vector{neutral} : stated;
  if (chosen.size() != 1 && chosen.size() != 3)
    throw fault(ErrorCode::usage, name,
                std::string(flag) + " has " + std::to_string(chosen.size()) + " numbers",
                "give one for all channels, or three for red, green and blue");
  if (!std::all_of(chosen.begin(), chosen.end(), [](float value) { return std::isfinite(value); }))
    throw fault(ErrorCode::usage, name, std::string(flag) + " is not finite", "give ordinary numbers");
  const bool changes =
      std::any_of(chosen.begin(), chosen.end(), [&](float value) { return value != neutral; });
  if (input.takes_bytes && changes)
    throw fault(ErrorCode::usage, name, "takes 8-bit pixels as they are",
                std::string("leave ") + flag + " out");
  return chosen;
}

void choose_normalisation(CutNetwork& network, const NetworkSettings& settings, const ov::Model& whole) {
  const std::string& name = network.source.name;
  const std::vector<float> mean = stated_values(whole, "mean_values");
  const std::vector<float> scale = stated_values(whole, "scale_values");
  network.mean = choose_values(settings.mean, mean, 0, "--mean", network.input, name);
  network.scale = choose_values(settings.scale, scale, 1, "--scale", network.input, name);
  if (std::find(network.scale.begin(), network.scale.end(), 0.0F) != network.scale.end())
    throw fault(ErrorCode::usage, name, "--scale is 0", "pixels are divided by it: give another number");
  const bool is_said = !settings.mean.empty() || !settings.scale.empty() || !mean.empty() || !scale.empty();
  if (!is_said && !network.input.takes_bytes)
    network.remark =
        name + " does not say how it wants its pixels, so it gets them as 0 to 255. If it was trained " +
        "with others, give --mean and --scale: (pixel - mean) / scale";
}

}  // namespace

CutNetwork load_cut(const NetworkSettings& settings) {
  CutNetwork cut_network;
  cut_network.source = find_source(settings.network);
  const std::string& name = cut_network.source.name;
  cut_network.core = std::make_shared<ov::Core>();
  const auto whole = read_source(*cut_network.core, cut_network.source);
  cut_network.source_sha256 = source_sha256(cut_network.source, *whole);

  const Input input = cut_network.input = examine_input(*whole, name);
  const int size = cut_network.size = choose_size(settings, input, name);
  choose_normalisation(cut_network, settings, *whole);

  // The last layer is sought at the network's own size: at a small one, any convolution may see a single
  // pixel.
  if (input.size == 0) set_size(*whole, input, size, name);
  const auto layer =
      settings.output_layer.empty() ? default_layer(*whole) : find_layer(*whole, settings.output_layer, name);
  set_size(*whole, input, size, name);
  cut_network.output_layer = layer_name(layer);
  cut_network.model = cut(*whole, layer, name);
  return cut_network;
}

}  // namespace pomona::network
