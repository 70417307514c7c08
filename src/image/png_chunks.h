// What a PNG file says outside its pixels, read chunk by chunk with no memory taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "image/exif.h"

namespace pomona {

struct PngSummary {
  bool has_header = false;  // IHDR comes first, as it must
  bool is_apple = false;    // CgBI comes first: Apple's variant, which is no PNG by the standard
  uint32_t width = 0;
  uint32_t height = 0;
  Orientation orientation = Orientation::top_left;  // eXIf, else XMP in an iTXt chunk
};

// `file` begins with the PNG signature. Stops where the file stops making sense; libpng then says what is
// wrong.
PngSummary summarize_png(std::span<const std::byte> file);

}  // namespace pomona
