// Small pictures of photos, side by side in one JPEG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "image/decode.h"

namespace pomona::report {

// Pixels a side: a multiple of 16, so that no block of the JPEG touches two pictures, and 2,000 tiles stay
// below the 16.7 million pixels that phones show at full size.
inline constexpr int kTile = 80;

// A picture of at most kTile pixels a side, in the proportions of its photo.
struct Thumbnail {
  int width = 0;  // 0: there is none
  int height = 0;
  std::vector<uint8_t> pixels;  // RGB, rows without padding
};

// Shrinks a photo to fit; one that is small already keeps its size.
Thumbnail make_thumbnail(const Image& image);

// The mean of thumbnails, each in the middle of a white square. Nothing for none.
Thumbnail average(const std::vector<const Thumbnail*>& thumbnails);

struct Sprite {
  int columns = 1;
  size_t count = 0;
  std::vector<uint8_t> sizes;  // width and height of each tile's picture, at the tile's upper left
  std::string jpeg;
};

// Lays thumbnails out in the order given. Throws Error(internal).
Sprite make_sprite(const std::vector<Thumbnail>& thumbnails);

}  // namespace pomona::report
