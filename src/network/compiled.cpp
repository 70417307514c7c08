#include <openvino/openvino.hpp>

#include "network/cache.h"
#include "network/error.h"
#include "network/network.h"
#include "network/state.h"

namespace pomona {
namespace {

// OpenVINO's default precision depends on the CPU: it must always be said. INT8 computes the rest in f32.
ov::element::Type inference_precision(Precision precision) {
  return precision == Precision::bf16 ? ov::element::bf16 : ov::element::f32;
}

ov::AnyMap properties(Precision precision, size_t streams) {
  return {ov::hint::inference_precision(inference_precision(precision)),
          ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT),
          ov::num_streams(static_cast<int32_t>(streams)),
          ov::inference_num_threads(static_cast<int32_t>(streams)), ov::hint::enable_cpu_pinning(false)};
}

// Nothing where the blob is none or OpenVINO does not take it.
std::optional<ov::CompiledModel> import(ov::Core& core, const std::optional<ov::Tensor>& blob,
                                        const ov::AnyMap& settings) try {
  if (!blob) return std::nullopt;
  return core.import_model(*blob, "CPU", settings);
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace

struct CompiledNetwork::State {
  ov::CompiledModel model;
};

struct CompiledNetwork::Session::State {
  ov::InferRequest request;
  ov::Tensor input, output;
};

CompiledNetwork::CompiledNetwork(const Network& network, size_t streams) : state_(std::make_unique<State>()) {
  const Network::State& prepared = *network.state();
  const ov::AnyMap settings = properties(prepared.precision, streams);
  try {
    const network::CompileCache cache;
    const std::string key = network::cache_key(*prepared.core, prepared.graph_sha256, settings);
    if (auto model = import(*prepared.core, cache.load(key), settings)) {
      state_->model = std::move(*model);
      return;
    }
    state_->model = prepared.core->compile_model(prepared.model, "CPU", settings);
    cache.store(key, [&](std::ostream& stream) { state_->model.export_model(stream); });
  } catch (const std::exception& exception) {
    throw network::fault(ErrorCode::internal, prepared.name,
                         "cannot be compiled for this CPU: " + network::openvino_cause(exception));
  }
}

CompiledNetwork::~CompiledNetwork() = default;

CompiledNetwork::Session CompiledNetwork::session() {
  auto state = std::make_unique<Session::State>();
  state->request = state_->model.create_infer_request();
  state->input = state->request.get_input_tensor();
  state->output = state->request.get_output_tensor();
  return Session(std::move(state));
}

CompiledNetwork::Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
CompiledNetwork::Session::~Session() = default;
CompiledNetwork::Session::Session(Session&&) noexcept = default;

std::span<uint8_t> CompiledNetwork::Session::input() {
  return {state_->input.data<uint8_t>(), state_->input.get_byte_size()};
}

std::span<const float> CompiledNetwork::Session::infer() {
  state_->request.infer();
  return {state_->output.data<const float>(), state_->output.get_size()};
}

}  // namespace pomona
