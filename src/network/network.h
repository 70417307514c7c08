// A network as Pomona runs it: RGB u8 in, one feature vector out; the chain before and behind it is inside
// the graph.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pomona {

enum class Precision { f32, bf16, int8 };

inline constexpr const char* kDefaultNetwork = "efficientnet-lite0";

const char* name(Precision precision);
// Throws Error (usage) with the nearest right name.
Precision parse_precision(std::string_view text);

// Tensor name -> the range [low, high] that INT8 maps to 0..255.
using Ranges = std::map<std::string, std::pair<float, float>>;

struct NetworkSettings {
  std::string network = kDefaultNetwork;  // a built-in name, or a file: .onnx, .xml, .tflite
  std::string output_layer;        // empty: the input of the last fully connected layer, else the last output
  std::vector<float> mean, scale;  // per channel or one for all: (x - mean) / scale; empty: the network's own
  int size = 0;                    // pixels on a side; 0: the network's own
  Precision precision = Precision::int8;
  std::optional<Ranges> ranges;  // for INT8 on a network that brings none
};

// A prepared network's graph and numbers, as a bundle holds them: OpenVINO IR.
struct NetworkFiles {
  std::string xml;
  std::string weights;
};

// A network that is prepared but not compiled. Immutable.
class Network {
 public:
  // Loads, cuts at the feature layer, pools, folds pre-processing in and, for INT8, quantises. Throws Error
  // with the names to choose from where a network, a layer or a range is missing.
  static Network load(const NetworkSettings& settings);
  // The prepared graph of a bundle, as files() gave it.
  static Network read(const std::string& xml, std::string_view weights, Precision precision);

  NetworkFiles files() const;

  const std::string& network_name() const;  // the built-in name, or the file's name
  const std::string& sha256()
      const;  // of the source network's bytes and of every setting that shapes the graph
  const std::string& output_layer() const;
  // What a person should know before trusting the features, in one sentence; empty where there is nothing.
  const std::string& remark() const;
  Precision precision() const;
  int size() const;       // input: [1, size, size, 3], u8, RGB
  int dimension() const;  // output: [1, dimension], f32
  const std::vector<float>& mean() const;
  const std::vector<float>& scale() const;
  const Ranges& ranges() const;  // what INT8 used; empty for f32 and bf16

  struct State;
  std::shared_ptr<const State> state() const { return state_; }

 private:
  explicit Network(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

std::vector<std::string> builtin_networks();

// A network ready to run on `threads` threads at once, each with a session of its own; of more sessions some
// take turns.
class CompiledNetwork {
 public:
  // Compiles, or takes what an earlier process compiled from the cache folder (POMONA_CACHE, else
  // XDG_CACHE_HOME/pomona, else ~/.cache/pomona; POMONA_CACHE=off does without).
  CompiledNetwork(const Network& network, size_t threads);
  ~CompiledNetwork();

  // Infers one photo at a time on the calling thread, so that no photo can depend on its neighbours in a
  // batch.
  class Session {
   public:
    ~Session();
    Session(Session&&) noexcept;
    // size * size * 3 bytes to fill before infer().
    std::span<uint8_t> input();
    // `dimension` numbers, valid until the next call.
    std::span<const float> infer();

   private:
    friend class CompiledNetwork;
    struct State;
    explicit Session(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };
  // Thread-safe; best called by the thread that will infer, as each thread's network is made by its first
  // call.
  Session session();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pomona
