#include <algorithm>

#include "image/resize_kernels.h"

namespace pomona {
namespace {

constexpr int32_t kHalf = 1 << (kWeightBits - 1);

uint8_t to_byte(int32_t sum) { return static_cast<uint8_t>(std::clamp(sum >> kWeightBits, 0, 255)); }

void horizontal(Plane in, int rows, const Taps& taps, int width, uint8_t* out, size_t out_stride) {
  for (int y = 0; y < rows; ++y, in.pixels += in.stride, out += out_stride) {
    uint8_t* out_pixel = out;
    for (int x = 0; x < width; ++x, out_pixel += 3) {
      const int32_t* weights = taps.weights.data() + static_cast<size_t>(x) * taps.stride;
      const uint8_t* pixel = in.pixels + 3 * static_cast<size_t>(taps.first[x]);
      int32_t red = kHalf;
      int32_t green = kHalf;
      int32_t blue = kHalf;
      for (int j = 0; j < taps.count[x]; ++j, pixel += 3) {
        red += pixel[0] * weights[j];
        green += pixel[1] * weights[j];
        blue += pixel[2] * weights[j];
      }
      out_pixel[0] = to_byte(red);
      out_pixel[1] = to_byte(green);
      out_pixel[2] = to_byte(blue);
    }
  }
}

void vertical(Plane in, int offset, const Taps& taps, int height, size_t bytes, uint8_t* out,
              size_t out_stride) {
  for (int y = 0; y < height; ++y, out += out_stride) {
    const int32_t* weights = taps.weights.data() + static_cast<size_t>(y) * taps.stride;
    const uint8_t* first = in.pixels + static_cast<size_t>(taps.first[y] - offset) * in.stride;
    for (size_t x = 0; x < bytes; ++x) {
      int32_t sum = kHalf;
      for (int j = 0; j < taps.count[y]; ++j)
        sum += first[static_cast<size_t>(j) * in.stride + x] * weights[j];
      out[x] = to_byte(sum);
    }
  }
}

}  // namespace

const ResizeKernels kPortableKernels = {horizontal, vertical};

}  // namespace pomona
