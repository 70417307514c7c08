// One photo's way from bytes to features: the only one in the code base, for batch, bundle, Python and
// serving alike.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/reject.h"
#include "image/decode.h"
#include "network/network.h"

namespace pomona {

// A reader of files gives larger buffers back after the photo, so that one huge photo is not paid for ever
// after.
inline constexpr size_t kKeptFileBytes = 4'000'000;

// CPU-bound time by step, summed over photos and threads.
struct StepTimes {
  std::chrono::nanoseconds read{}, decode{}, resize{}, infer{}, write{};

  StepTimes& operator+=(const StepTimes& other);
};

class FeatureExtractor {
 public:
  // Compiles the network for `threads` workers.
  FeatureExtractor(const DecodeSettings& decode, const Network& network, size_t threads);
  ~FeatureExtractor();

  size_t dimension() const { return dimension_; }

  // Serves one thread at a time, while the extractor lives. Its first photo takes longer: the thread's own
  // network is made then.
  class Worker {
   public:
    Worker(const DecodeSettings& decode, CompiledNetwork& compiled, int size);
    ~Worker();
    Worker(Worker&&) noexcept;

    // `features` has room for `dimension` numbers, written only where nothing is returned. Adds to `times`.
    MaybeReject extract(std::span<const std::byte> file, std::span<float> features, ImageHeader& header,
                        StepTimes& times);

    // Views 1 to n of the photo, n * `dimension` numbers; written only where nothing is returned.
    // `background`: as random_view.
    MaybeReject extract_views(std::span<const std::byte> file, std::string_view sha256, bool background,
                              std::span<float> features);

   private:
    struct State;
    std::unique_ptr<State> state_;
  };
  Worker worker();

 private:
  DecodeSettings decode_;
  int size_;
  size_t dimension_;
  CompiledNetwork compiled_;
};

}  // namespace pomona
