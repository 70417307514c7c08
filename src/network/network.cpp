#include "network/network.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "base/hash.h"
#include "base/text.h"
#include "network/error.h"
#include "network/graph_file.h"
#include "network/load.h"
#include "network/names.h"
#include "network/quantize.h"
#include "network/ranges.h"
#include "network/state.h"

namespace pomona {
namespace {

using network::fault;

constexpr std::array kPrecisionNames = {"f32", "bf16", "int8"};
// Changes whenever the same source and settings give another graph.
constexpr int kPreparation = 2;

Ranges choose_ranges(const NetworkSettings& settings, const network::Source& source) {
  if (settings.ranges) return *settings.ranges;
  if (source.builtin) return network::builtin_ranges(source.name).value_or(Ranges{});
  return {};
}

std::string hash_settings(const Network::State& state, const std::string& source_sha256) {
  std::ostringstream text;
  text.precision(9);
  text << kPreparation << '\n' << source_sha256 << '\n' << state.name << '\n' << state.output_layer << '\n';
  text << name(state.precision) << '\n' << state.size << "\nmean";
  for (const float value : state.mean) text << ' ' << value;
  text << "\nscale";
  for (const float value : state.scale) text << ' ' << value;
  for (const auto& [tensor, range] : state.ranges)
    text << '\n' << tensor << ' ' << range.first << ' ' << range.second;
  return sha256_hex(text.str());
}

}  // namespace

const char* name(Precision precision) { return kPrecisionNames.at(static_cast<size_t>(precision)); }

Precision parse_precision(std::string_view text) {
  const auto* found = std::find(kPrecisionNames.begin(), kPrecisionNames.end(), text);
  if (found != kPrecisionNames.end()) return static_cast<Precision>(found - kPrecisionNames.begin());
  const auto guess = nearest(text, {kPrecisionNames.begin(), kPrecisionNames.end()});
  throw fault(ErrorCode::usage, std::string(text), "is no precision",
              guess ? "did you mean " + *guess + "?" : "choose one of f32, bf16, int8");
}

std::vector<std::string> builtin_networks() { return network::builtin_names(); }

Network Network::load(const NetworkSettings& settings) try {
  const network::CutNetwork cut = network::load_cut(settings);
  auto state = std::make_shared<State>();
  state->core = cut.core;
  state->model = cut.model;
  state->name = cut.source.name;
  state->precision = settings.precision;
  state->size = cut.size;
  state->mean = cut.mean;
  state->scale = cut.scale;
  state->output_layer = cut.output_layer;
  state->remark = cut.remark;
  if (state->precision == Precision::int8)
    state->ranges = network::quantize(*state->model, choose_ranges(settings, cut.source),
                                      network::input_range(cut.mean, cut.scale), state->name);
  network::fold_preprocessing(state->model, cut.input, state->mean, state->scale);
  network::settle_names(*state->model);
  state->dimension = static_cast<int>(state->model->output().get_shape()[1]);
  state->sha256 = state->graph_sha256 = hash_settings(*state, cut.source_sha256);
  network::write_settings(*state);
  return Network(state);
} catch (const ov::Exception& exception) {
  throw fault(ErrorCode::usage, settings.network,
              "cannot be prepared: " + network::openvino_cause(exception));
}

Network Network::read(const std::string& xml, std::string_view weights, Precision precision) {
  return Network(network::read_graph(xml, weights, precision));
}

NetworkFiles Network::files() const { return network::graph_files(*state_); }
const std::string& Network::network_name() const { return state_->name; }
const std::string& Network::sha256() const { return state_->sha256; }
const std::string& Network::output_layer() const { return state_->output_layer; }
const std::string& Network::remark() const { return state_->remark; }
Precision Network::precision() const { return state_->precision; }
int Network::size() const { return state_->size; }
int Network::dimension() const { return state_->dimension; }
const std::vector<float>& Network::mean() const { return state_->mean; }
const std::vector<float>& Network::scale() const { return state_->scale; }
const Ranges& Network::ranges() const { return state_->ranges; }

}  // namespace pomona
