// JPEG files out of RGB pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace pomona {

// Baseline, chroma halved both ways: what cameras and Pillow write. Keeps its memory from photo to photo.
class JpegEncoder {
 public:
  // `quality` as libjpeg counts it, 1 to 100.
  explicit JpegEncoder(int quality);
  ~JpegEncoder();
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  // Rows of 3 * width bytes, without padding. The file is valid until the next call. Throws Error where a
  // side is longer than the 65,500 pixels that JPEG holds.
  std::span<const std::byte> encode(std::span<const uint8_t> rgb, int width, int height);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pomona
