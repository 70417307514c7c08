// Bicubic resize with antialiasing: the same bytes as Pillow 13's Image.resize((width, height), BICUBIC,
// image.box) on RGB.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/decode.h"

namespace pomona {

// One resizer serves one thread. It keeps the coefficients of the last sizes, so a run of equal photos
// computes them once.
class Resizer {
 public:
  // The size of the result, in pixels, from 1. `target` chooses the instructions, by a name of
  // resize_targets(); by default the best that this CPU has. All give the same bytes. Throws Error (usage)
  // for a size below 1 or an unknown target.
  Resizer(int width, int height, std::string_view target = {});
  ~Resizer();
  Resizer(const Resizer&) = delete;
  Resizer& operator=(const Resizer&) = delete;

  // Writes 3 * width * height bytes, rows from the top. The image's box must lie within its pixels. Throws
  // Error (internal) for an image without pixels and where `out` is too small.
  void resize(const Image& image, std::span<uint8_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The instruction sets that resize can use on this CPU, best first; "portable" is last.
std::vector<std::string> resize_targets();

}  // namespace pomona
