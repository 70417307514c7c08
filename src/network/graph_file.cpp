#include "network/graph_file.h"

#include <cstring>
#include <sstream>

#include <nlohmann/json.hpp>
#include <openvino/pass/serialize.hpp>

#include "base/hash.h"
#include "network/error.h"
#include "network/prepare.h"
#include "network/ranges.h"

namespace pomona::network {
namespace {

using nlohmann::json;

constexpr int64_t kLargestDimension = 1 << 20;
constexpr const char* kObject = "the bundle's network";

Error corrupt(const std::string& cause) {
  return fault(ErrorCode::corrupt, kObject, cause, "the bundle is damaged: make it anew, or copy it again");
}

json settings_of(const Network::State& state) {
  json ranges = json::object();
  for (const auto& [tensor, range] : state.ranges) ranges[tensor] = {range.first, range.second};
  return {{"name", state.name},
          {"sha256", state.sha256},
          {"output_layer", state.output_layer},
          {"precision", name(state.precision)},
          {"mean", state.mean},
          {"scale", state.scale},
          {"ranges", std::move(ranges)}};
}

void read_settings(Network::State& state) {
  const json settings = json::parse(state.model->get_rt_info<std::string>("pomona", "settings"));
  settings.at("name").get_to(state.name);
  settings.at("sha256").get_to(state.sha256);
  settings.at("output_layer").get_to(state.output_layer);
  settings.at("mean").get_to(state.mean);
  settings.at("scale").get_to(state.scale);
  for (const auto& [tensor, range] : settings.at("ranges").items())
    state.ranges[tensor] = {range.at(0).get<float>(), range.at(1).get<float>()};
  const std::string precision = settings.at("precision").get<std::string>();
  if (precision != name(state.precision))
    throw fault(ErrorCode::mismatch, kObject,
                "is of precision " + precision + ", not " + name(state.precision),
                "read the bundle with the settings that stand in its bundle.json");
}

void check_shapes(Network::State& state) {
  const auto& model = *state.model;
  if (model.inputs().size() != 1 || model.outputs().size() != 1)
    throw corrupt("has not one input and one output");
  const ov::PartialShape in = model.input().get_partial_shape();
  const ov::PartialShape out = model.output().get_partial_shape();
  if (in.is_dynamic() || out.is_dynamic() || in.size() != 4 || out.size() != 2 || in[0] != 1 || in[3] != 3 ||
      in[1] != in[2] || out[0] != 1 || model.input().get_element_type() != ov::element::u8 ||
      model.output().get_element_type() != ov::element::f32)
    throw corrupt("does not take one photo and give one vector");
  if (in[1].get_length() > kLargestSize || out[1].get_length() > kLargestDimension)
    throw corrupt("is of a size that no network has");
  state.size = static_cast<int>(in[1].get_length());
  state.dimension = static_cast<int>(out[1].get_length());
}

}  // namespace

void write_settings(Network::State& state) {
  state.model->set_rt_info(settings_of(state).dump(), "pomona", "settings");
}

NetworkFiles graph_files(const Network::State& state) {
  std::ostringstream xml, weights;
  // A clone: the pass visits and may validate, and a Network does not change.
  ov::pass::Serialize(xml, weights).run_on_model(state.model->clone());
  return {std::move(xml).str(), std::move(weights).str()};
}

std::shared_ptr<const Network::State> read_graph(const std::string& xml, std::string_view weights,
                                                 Precision precision) {
  auto state = std::make_shared<Network::State>();
  state->precision = precision;
  state->core = std::make_shared<ov::Core>();
  try {
    ov::Tensor tensor(ov::element::u8, {weights.size()});
    std::memcpy(tensor.data(), weights.data(), weights.size());
    state->model = state->core->read_model(xml, tensor);
    state->graph_sha256 =
        Sha256().update(sha256_hex(std::string_view(xml))).update(sha256_hex(weights)).hex();
    read_settings(*state);
    check_shapes(*state);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& exception) {
    throw corrupt("cannot be read: " + openvino_cause(exception));
  }
  return state;
}

}  // namespace pomona::network
