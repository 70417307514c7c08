// What the fuzz targets run and check; the unit tests run the same over seeds and their mutations.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "image/decode.h"
#include "image/exif.h"
#include "image/resize.h"
#include "image/sniff.h"

namespace pomona::fuzz {

// Stops the process with the place named in the stack: libFuzzer and GoogleTest both see that.
inline void require(bool holds) {
  if (!holds) std::abort();
}

// Decodes with one decoder for all inputs, whole and scaled, and resizes what came out.
inline void decode(std::span<const std::byte> file) {
  constexpr uint64_t kMaxPixels = 1 << 18;
  static Decoder whole({.max_pixels = kMaxPixels});
  static Decoder scaled({.max_pixels = kMaxPixels, .scaled_size = 4});
  static Resizer resizer(9, 7);
  static Image image;
  for (Decoder* decoder : {&whole, &scaled}) {
    ImageHeader header;
    if (const MaybeReject rejected = decoder->decode(file, image, header)) {
      require(!rejected->detail.empty());
      continue;
    }
    require(image.width > 0 && image.height > 0);
    require(image.pixels.size() == 3 * static_cast<size_t>(image.width) * static_cast<size_t>(image.height));
    require(static_cast<uint64_t>(header.width) * static_cast<uint64_t>(header.height) <= kMaxPixels);
    require(image.box.left >= 0 && image.box.right <= static_cast<float>(image.width));
    require(image.box.top >= 0 && image.box.bottom <= static_cast<float>(image.height));
    static std::vector<uint8_t> out(3 * 9 * 7);
    resizer.resize(image, out);
  }
}

// An input of another format only costs time.
inline void decode_as(Format format, std::span<const std::byte> file) {
  if (sniff(file).format == format) decode(file);
}

inline void exif(std::span<const std::byte> bytes) {
  const auto check = [](std::optional<Orientation> found) {
    require(!found || (*found >= Orientation::top_left && *found <= Orientation::left_bottom));
  };
  check(exif_orientation(bytes));
  check(xmp_orientation({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

}  // namespace pomona::fuzz
