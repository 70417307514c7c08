// Where a decoder writes its rows, so that they end up in an Image the right way round.
#pragma once

#include <cstdint>

#include "image/decode.h"
#include "image/exif.h"

namespace pomona {

// Receives rows as stored in the file, top to bottom, and turns them as the orientation says. Rows go
// straight into the image where the sides keep their places; otherwise up to 16 of them at a time are
// transposed, so that nothing but the image and a strip is ever held.
//
//   canvas.begin(image, width, height, orientation);
//   for each y: write 3 * width bytes to canvas.row(y); then canvas.finish_row(y);
class Canvas {
 public:
  // `width` and `height` as stored. Takes the image's memory.
  void begin(Image& image, int width, int height, Orientation orientation);
  uint8_t* row(int y);
  void finish_row(int y);

  // For decoders that need the whole picture at once, with `channels` 3 (RGB) or 4 (RGBA, which goes over
  // white): fill the pixels that begin_whole returns, rows without padding, then call finish_whole. As stored
  // it is the image's own memory.
  uint8_t* begin_whole(Image& image, int width, int height, int channels, Orientation orientation);
  void finish_whole();

 private:
  void set(Image& image, int width, int height, Orientation orientation);
  void flush_strip(int first, int rows);

  Image* image_ = nullptr;
  int width_ = 0;
  int height_ = 0;
  Orientation orientation_ = Orientation::top_left;
  int channels_ = 3;  // of the whole picture
  int strip_rows_ = 1;
  BasicBuffer<uint8_t> strip_;  // rows that wait to be transposed
  BasicBuffer<uint8_t> whole_;  // a picture that is to be turned
};

// A row of RGBA over white: round(c * a / 255 + 255 - a), exactly. `rgb` may begin where `rgba` does.
void over_white(const uint8_t* rgba, uint8_t* rgb, int width);

// `box`, in a picture of `width` x `height` pixels as stored, after orientation.
Box oriented_box(Box box, int width, int height, Orientation orientation);

}  // namespace pomona
