// The points of the map: positions on 16 bits, labels, paths in small compressed blocks.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report/scan.h"

namespace pomona::report {

inline constexpr size_t kPathsPerBlock = 4096;
inline constexpr size_t kMostComponents = 16;
inline constexpr uint64_t kPositionBytes = 16'000'000;  // of all components together, before base64

// How many components the page gets: 16, or fewer where there are so many points that they would weigh too
// much.
size_t shipped_components(uint64_t points, size_t k);

// Paths, separated by NUL, in blocks of kPathsPerBlock, each deflated by itself: the page inflates only the
// block that it needs.
class PathBlocks {
 public:
  void append(const std::string& path);
  // Closes the last block.
  void finish();
  const std::string& bytes() const { return bytes_; }
  // Where each block begins, and the end of the last.
  const std::vector<uint64_t>& offsets() const { return offsets_; }

 private:
  void close_block();

  std::string open_;
  size_t open_paths_ = 0;
  std::string bytes_;
  std::vector<uint64_t> offsets_ = {0};
};

// value = min + step * (max - min) / 65535
struct Quantised {
  float min = 0;
  float max = 0;
  std::vector<uint16_t> steps;
};
Quantised quantise(const std::vector<float>& values);

struct Points {
  std::vector<std::vector<float>> positions;  // a vector a component
  std::vector<uint16_t> labels;               // class indices
  PathBlocks paths;

  size_t size() const { return labels.size(); }
};

}  // namespace pomona::report
