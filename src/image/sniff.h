// The format of a file by its first bytes, never by its name.
#pragma once

#include <cstddef>
#include <span>

namespace pomona {

enum class Format {
  jpeg,
  png,
  webp,
  other,    // an image format that Pomona does not read
  unknown,  // no image format that Pomona knows of
};

struct Sniffed {
  Format format;
  const char* name;  // "JPEG", "TIFF", "HEIC (HEIF)", ...; "" where it is unknown
};

Sniffed sniff(std::span<const std::byte> file);

}  // namespace pomona
