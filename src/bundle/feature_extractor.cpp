#include "bundle/feature_extractor.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "image/augment.h"
#include "image/resize.h"

namespace pomona {
namespace {

using Clock = std::chrono::steady_clock;

bool all_finite(std::span<const float> values) {
  constexpr uint32_t kExponent = 0x7F800000;  // all of it set: infinity or NaN
  bool finite = true;                         // no early end, so that it becomes vector code
  for (const float value : values) finite &= (std::bit_cast<uint32_t>(value) & kExponent) != kExponent;
  return finite;
}

}  // namespace

StepTimes& StepTimes::operator+=(const StepTimes& other) {
  read += other.read;
  decode += other.decode;
  resize += other.resize;
  infer += other.infer;
  write += other.write;
  return *this;
}

FeatureExtractor::FeatureExtractor(const DecodeSettings& decode, const Network& network, size_t threads)
    : decode_(decode),
      size_(network.size()),
      dimension_(static_cast<size_t>(network.dimension())),
      compiled_(network, threads) {}

FeatureExtractor::~FeatureExtractor() = default;

FeatureExtractor::Worker FeatureExtractor::worker() { return {decode_, compiled_, size_}; }

struct FeatureExtractor::Worker::State {
  Decoder decoder;
  Image image;
  Resizer resizer;
  Augmenter augmenter;
  CompiledNetwork& compiled;
  std::optional<CompiledNetwork::Session> own_session;

  CompiledNetwork::Session& session() {
    if (!own_session) own_session.emplace(compiled.session());
    return *own_session;
  }
};

FeatureExtractor::Worker::Worker(const DecodeSettings& decode, CompiledNetwork& compiled, int size)
    : state_(new State{Decoder(decode), {}, Resizer(size, size), Augmenter(size), compiled, {}}) {}

FeatureExtractor::Worker::~Worker() = default;
FeatureExtractor::Worker::Worker(Worker&&) noexcept = default;

MaybeReject FeatureExtractor::Worker::extract(std::span<const std::byte> file, std::span<float> features,
                                              ImageHeader& header, StepTimes& times) {
  const auto start = Clock::now();
  MaybeReject reject = state_->decoder.decode(file, state_->image, header);
  const auto decoded = Clock::now();
  times.decode += decoded - start;
  if (reject) return reject;
  CompiledNetwork::Session& session = state_->session();
  state_->resizer.resize(state_->image, session.input());
  const auto resized = Clock::now();
  times.resize += resized - decoded;
  const std::span<const float> output = session.infer();
  times.infer += Clock::now() - resized;
  if (!all_finite(output)) {
    return Reject{Stage::infer, Reason::not_finite, "the network answered with a number that is not finite"};
  }
  std::ranges::copy(output, features.begin());
  return std::nullopt;
}

MaybeReject FeatureExtractor::Worker::extract_views(std::span<const std::byte> file, std::string_view sha256,
                                                    bool background, std::span<float> features) {
  ImageHeader header;
  if (MaybeReject reject = state_->decoder.decode(file, state_->image, header)) return reject;
  CompiledNetwork::Session& session = state_->session();
  uint32_t number = 0;
  for (size_t at = 0; at < features.size();) {
    state_->augmenter.apply(state_->image, random_view(sha256, ++number, background), session.input());
    const std::span<const float> output = session.infer();
    if (!all_finite(output)) {
      return Reject{Stage::infer, Reason::not_finite,
                    "the network answered with a number that is not finite"};
    }
    std::ranges::copy(output, features.begin() + static_cast<std::ptrdiff_t>(at));
    at += output.size();
  }
  return std::nullopt;
}

}  // namespace pomona
