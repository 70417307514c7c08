// EXIF orientation: how the stored pixels must be turned to be seen as they were photographed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pomona {

// The values of EXIF 2.32, tag 0x0112: where the first stored row and column lie in the displayed picture.
enum class Orientation : uint8_t {
  top_left = 1,  // as stored
  top_right,     // mirrored left to right
  bottom_right,  // turned by half
  bottom_left,   // mirrored top to bottom
  left_top,      // transposed
  right_top,     // to be turned clockwise by a quarter
  right_bottom,  // transposed along the other diagonal
  left_bottom,   // to be turned anticlockwise by a quarter
};

// Every orientation is: reverse the stored columns or not, reverse the stored rows or not, then transpose or
// not.
constexpr bool reverses_columns(Orientation o) {
  return o == Orientation::top_right || o == Orientation::bottom_right || o == Orientation::right_bottom ||
         o == Orientation::left_bottom;
}
constexpr bool reverses_rows(Orientation o) {
  return o == Orientation::bottom_right || o == Orientation::bottom_left || o == Orientation::right_top ||
         o == Orientation::right_bottom;
}
constexpr bool transposes(Orientation o) { return o >= Orientation::left_top; }

// The orientation that a TIFF structure ("II*\0..." or "MM\0*...", with or without "Exif\0\0" before it)
// holds in its first directory. A damaged structure is no reason to lose a photo: what cannot be read counts
// as absent, and a value that is none of the eight as `top_left`. Read as Pillow's Image.getexif reads it.
std::optional<Orientation> exif_orientation(std::span<const std::byte> exif);

// The same from an XMP packet: tiff:Orientation as attribute or element. Pillow asks it where EXIF has no
// such tag.
std::optional<Orientation> xmp_orientation(std::string_view xmp);

}  // namespace pomona
