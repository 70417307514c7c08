#include "image/canvas.h"

#include <algorithm>
#include <cstring>

namespace pomona {
namespace {

constexpr int kStripRows = 16;             // of pixels that share cache lines once transposed
constexpr size_t kStripBytes = 1'000'000;  // and fewer of a very wide picture
// What an Image may keep from a huge photo to the next: a photo of 16 megapixels.
constexpr size_t kKeptBytes = 48'000'000;

void mirror_row(uint8_t* row, int width) {
  uint8_t* left = row;
  uint8_t* right = row + 3 * (static_cast<size_t>(width) - 1);
  for (; left < right; left += 3, right -= 3) std::swap_ranges(left, left + 3, right);
}

uint8_t* take(BasicBuffer<uint8_t>& buffer, size_t bytes) {
  buffer.shrink_above(std::max(bytes, kKeptBytes));
  return buffer.reset(bytes).data();
}

}  // namespace

void over_white(const uint8_t* rgba, uint8_t* rgb, int width) {
  for (int x = 0; x < width; ++x, rgba += 4, rgb += 3) {
    const int alpha = rgba[3];
    for (int channel = 0; channel < 3; ++channel) {
      // 255 - round((255 - c) * a / 255); the shift form is exact for products of two bytes.
      const int product = (255 - rgba[channel]) * alpha + 128;
      rgb[channel] = static_cast<uint8_t>(255 - ((product + (product >> 8)) >> 8));
    }
  }
}

void Canvas::set(Image& image, int width, int height, Orientation orientation) {
  const bool swapped = transposes(orientation);
  image.width = swapped ? height : width;
  image.height = swapped ? width : height;
  image.box = {0, 0, static_cast<float>(image.width), static_cast<float>(image.height)};
  image_ = &image;
  width_ = width;
  height_ = height;
  orientation_ = orientation;
}

void Canvas::begin(Image& image, int width, int height, Orientation orientation) {
  set(image, width, height, orientation);
  take(image.pixels, 3 * static_cast<size_t>(width) * height);
  if (!transposes(orientation)) return;
  const size_t row_bytes = 3 * static_cast<size_t>(width);
  strip_rows_ = std::clamp(static_cast<int>(kStripBytes / row_bytes), 1, kStripRows);
  take(strip_, row_bytes * strip_rows_);
}

uint8_t* Canvas::begin_whole(Image& image, int width, int height, int channels, Orientation orientation) {
  channels_ = channels;
  const size_t bytes = static_cast<size_t>(channels) * width * height;
  if (orientation == Orientation::top_left) {
    set(image, width, height, orientation);
    return take(image.pixels, bytes);
  }
  begin(image, width, height, orientation);
  return take(whole_, bytes);
}

void Canvas::finish_whole() {
  const bool in_place = orientation_ == Orientation::top_left;
  const uint8_t* source = in_place ? image_->pixels.data() : whole_.data();
  for (int y = 0; y < height_; ++y, source += static_cast<size_t>(channels_) * width_) {
    if (channels_ == 4) {
      over_white(source, row(y), width_);
    } else if (!in_place) {
      std::memcpy(row(y), source, 3 * static_cast<size_t>(width_));
    }
    finish_row(y);
  }
  image_->pixels.keep_first(3 * static_cast<size_t>(width_) * height_);
  whole_.shrink_above(kKeptBytes);
}

uint8_t* Canvas::row(int y) {
  if (transposes(orientation_)) return strip_.data() + static_cast<size_t>(y % strip_rows_) * 3 * width_;
  return image_->pixels.data() +
         static_cast<size_t>(reverses_rows(orientation_) ? height_ - 1 - y : y) * 3 * width_;
}

void Canvas::finish_row(int y) {
  if (transposes(orientation_)) {
    const int first = y - y % strip_rows_;
    if (y == height_ - 1 || y - first == strip_rows_ - 1) flush_strip(first, y - first + 1);
  } else if (reverses_columns(orientation_)) {
    mirror_row(row(y), width_);
  }
}

// Stored row y becomes a column, stored column x a row; each end may be the other one.
void Canvas::flush_strip(int first, int rows) {
  const bool x_reversed = reverses_columns(orientation_);
  const bool y_reversed = reverses_rows(orientation_);
  const size_t out_stride = 3 * static_cast<size_t>(height_);
  for (int x = 0; x < width_; ++x) {
    uint8_t* out_row =
        image_->pixels.data() + static_cast<size_t>(x_reversed ? width_ - 1 - x : x) * out_stride;
    for (int i = 0; i < rows; ++i) {
      const int y = first + i;
      const uint8_t* in = strip_.data() + (static_cast<size_t>(i) * width_ + x) * 3;
      std::memcpy(out_row + 3 * static_cast<size_t>(y_reversed ? height_ - 1 - y : y), in, 3);
    }
  }
}

Box oriented_box(Box box, int width, int height, Orientation orientation) {
  if (reverses_columns(orientation)) {
    const auto side = static_cast<float>(width);
    box = {side - box.right, box.top, side - box.left, box.bottom};
  }
  if (reverses_rows(orientation)) {
    const auto side = static_cast<float>(height);
    box = {box.left, side - box.bottom, box.right, side - box.top};
  }
  return transposes(orientation) ? Box{box.top, box.left, box.bottom, box.right} : box;
}

}  // namespace pomona
