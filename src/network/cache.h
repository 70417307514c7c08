// Compiled networks on disk, so that the next start need not compile. A cache: whatever goes wrong with it,
// the network is compiled instead and nothing is said.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include <openvino/openvino.hpp>

namespace pomona::network {

// One file per key: the blob, then its SHA-256 in hexadecimal, then a magic word. Files appear whole (by
// rename) and are checked before use, so that several processes, a full disk or a damaged file do no harm.
class CompileCache {
 public:
  // The folder is POMONA_CACHE, else XDG_CACHE_HOME/pomona, else ~/.cache/pomona; POMONA_CACHE=off turns the
  // cache off.
  CompileCache();
  // An empty path turns it off too.
  explicit CompileCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The blob that was stored under `key`, if it is there and whole.
  std::optional<ov::Tensor> load(const std::string& key) const;
  // Stores what `write` writes. At most `kMostFiles` are kept; the oldest give way.
  void store(const std::string& key, const std::function<void(std::ostream&)>& write) const;

  static constexpr size_t kMostFiles = 32;

 private:
  std::filesystem::path file(const std::string& key) const { return folder_ / (key + ".blob"); }
  void make_room() const;

  std::filesystem::path folder_;  // empty: no cache
};

// What must be equal for a compiled network to be used again: OpenVINO, Pomona's library, the CPU, the graph,
// and how it is compiled.
std::string cache_key(ov::Core& core, const std::string& graph_sha256, const ov::AnyMap& properties);

}  // namespace pomona::network
