// Further views of a photo, as another camera might have taken it: for learning, never for answering.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "image/decode.h"
#include "image/resize.h"

namespace pomona {

// What is done to a photo, in this order.
struct View {
  Box crop;  // fractions of the photo's sides; 50 to 100 % of the area, sides 3:4 to 4:3 of its own
  float half_turn = 0;         // tangent of half the angle of rotation; at most 12 degrees to either side
  bool mirror = false;         // left to right
  float gains[3] = {1, 1, 1};  // brightness and colour of the light, by channel
  float contrast = 1;
  float saturation = 1;
  int blur = 0;                        // passes of a 1-2-1 filter in both directions
  std::optional<uint64_t> background;  // seed of another one, for photos cut out before white; before colours
};

// View `number` of the photo whose bytes have this SHA-256: the same on every machine, whatever else is done.
// With `background`, a view of the same crop and light before another background (background.h).
View random_view(std::string_view sha256, uint32_t number, bool background = false);

// One augmenter serves one thread.
class Augmenter {
 public:
  explicit Augmenter(int size) : size_(size), resizer_(size, size) {}

  // The view of `image`, which is as it was afterwards, as size * size RGB pixels, rows from the top. What a
  // rotation brings in from outside repeats the edge.
  void apply(Image& image, const View& view, std::span<uint8_t> out);

 private:
  void turn(const View& view, std::span<const uint8_t> in);
  void colour(const View& view);
  void blur();

  int size_;
  Resizer resizer_;
  std::vector<uint8_t> bytes_;
  std::vector<float> pixels_;
  std::vector<float> scratch_;
};

}  // namespace pomona
