#include <algorithm>
#include <atomic>
#include <mutex>
#include <sstream>

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

// With one stream of one thread OpenVINO infers on the thread that asks. With more it hands each photo over
// to a thread of its own and back (docs/decisions/inference-threads.md).
ov::AnyMap properties(Precision precision) {
  return {ov::hint::inference_precision(inference_precision(precision)),
          ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT), ov::num_streams(1),
          ov::inference_num_threads(1), ov::hint::enable_cpu_pinning(false)};
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

// A network for each thread, made from the same bytes when it is asked for.
struct CompiledNetwork::State {
  struct Slot {
    std::once_flag once;
    ov::CompiledModel model;
  };

  State(const Network& network, size_t threads)
      : prepared(network.state()), settings(properties(prepared->precision)), slots(threads) {}

  // From the cache, or compiled and stored there.
  ov::CompiledModel first() {
    const network::CompileCache cache;
    const std::string key = network::cache_key(*prepared->core, prepared->graph_sha256, settings);
    blob = cache.load(key);
    if (auto model = import(*prepared->core, blob, settings)) return *model;
    ov::CompiledModel model = prepared->core->compile_model(prepared->model, "CPU", settings);
    std::ostringstream bytes;
    model.export_model(bytes);
    const std::string text = bytes.str();
    blob = ov::Tensor(ov::element::u8, {text.size()});
    std::ranges::copy(text, static_cast<char*>(blob->data()));
    cache.store(key, [&](std::ostream& stream) { stream << text; });
    return model;
  }

  ov::CompiledModel further() {
    if (auto model = import(*prepared->core, blob, settings)) return *model;
    return prepared->core->compile_model(prepared->model, "CPU", settings);
  }

  ov::CompiledModel& model(size_t session) try {
    Slot& slot = slots[session % slots.size()];
    std::call_once(slot.once, [&] { slot.model = session == 0 ? first() : further(); });
    return slot.model;
  } catch (const std::exception& exception) {
    throw network::fault(ErrorCode::internal, prepared->name,
                         "cannot be compiled for this CPU: " + network::openvino_cause(exception));
  }

  std::shared_ptr<const Network::State> prepared;
  ov::AnyMap settings;
  std::optional<ov::Tensor> blob;
  std::vector<Slot> slots;
  std::atomic<size_t> sessions = 0;
};

struct CompiledNetwork::Session::State {
  ov::InferRequest request;
  ov::Tensor input, output;
};

CompiledNetwork::CompiledNetwork(const Network& network, size_t threads)
    : state_(std::make_unique<State>(network, threads)) {
  state_->model(0);
}

CompiledNetwork::~CompiledNetwork() = default;

CompiledNetwork::Session CompiledNetwork::session() {
  auto state = std::make_unique<Session::State>();
  state->request = state_->model(state_->sessions++).create_infer_request();
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
