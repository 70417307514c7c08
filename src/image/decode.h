// One photo, from bytes to RGB. The pixel semantics are written down in docs/formats/pixels.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/buffer.h"
#include "base/reject.h"

namespace pomona {

// Where the photo lies in its pixels, in pixels. It is the whole of them, except after scaled decoding: a
// photo 1,001 wide at half scale has 501 pixels of which the photo covers 500.5.
struct Box {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;
};

// RGB, 8 bits a channel, rows without padding: 3 * width * height bytes. Reused from photo to photo.
struct Image {
  int width = 0;
  int height = 0;
  Box box;
  BasicBuffer<uint8_t> pixels;

  void clear() {
    width = height = 0;
    box = {};
    pixels.keep_first(0);
  }
};

struct DecodeSettings {
  uint64_t max_bytes = 50'000'000;    // of the file
  uint64_t max_pixels = 100'000'000;  // width * height by the header, before memory is taken
  // Decode a JPEG at 1/2, 1/4 or 1/8 where that leaves at least `scaled_margin` times `scaled_size` pixels on
  // both sides; 0 decodes every photo whole. The rule is that of Pillow's Image.draft with reducing_gap.
  int scaled_size = 0;
  double scaled_margin = 2.0;
  // For those who look into what is wrong: a photo that is truncated or corrupt is a reject as ever, but the
  // image keeps its size and the rows before the damage, if it came to have any. The other rows hold what
  // their memory held before.
  bool keep_damaged = false;
};

// What a header says, before decoding.
struct ImageHeader {
  const char* format = "";  // "JPEG", "PNG", "WebP"
  int width = 0;            // as displayed: after EXIF orientation, and before any scaled decoding
  int height = 0;
};

// Turns the bytes of a JPEG, PNG or WebP file into RGB: alpha over white, grey, CMYK and 16 bits converted,
// EXIF orientation applied, first frame of an animation. Where that cannot be done, a reject of stage
// `decode` (of stage `read` for a file of no bytes or too many). Any input is safe. One decoder serves one
// thread; it keeps its working memory between photos, and an Image keeps its pixels' memory unless the photo
// was huge.
class Decoder {
 public:
  explicit Decoder(const DecodeSettings& settings);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // `header` is filled as soon as the header is known, also where a later step rejects the photo; `image` is
  // empty then (but see keep_damaged).
  MaybeReject decode(std::span<const std::byte> file, Image& image, ImageHeader& header);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pomona
