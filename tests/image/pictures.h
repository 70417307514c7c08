// Pictures encoded on the spot, for tests and as seeds of the fuzz targets: nothing binary is kept in the
// repository.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

namespace pomona::testing {

using Bytes = std::vector<std::byte>;

inline Bytes to_bytes(const void* data, size_t size) {
  const auto* begin = static_cast<const std::byte*>(data);
  return {begin, begin + size};
}

// A pattern that differs from pixel to pixel and channel to channel.
inline std::vector<uint8_t> pattern(int width, int height, int channels) {
  std::vector<uint8_t> samples(static_cast<size_t>(width) * height * channels);
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<uint8_t>(i * 37 + i / 11);
  return samples;
}

struct JpegOptions {
  int channels = 3;  // 1 grey, 3 YCbCr, 4 CMYK
  bool progressive = false;
  int restart_interval = 0;
  int horizontal_sampling = 2;
  int vertical_sampling = 2;
  bool ycck = false;
};

inline Bytes make_jpeg(int width, int height, const JpegOptions& options = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &data, &size);
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  info.input_components = options.channels;
  info.in_color_space = options.channels == 1 ? JCS_GRAYSCALE : options.channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&info);
  if (options.ycck) jpeg_set_colorspace(&info, JCS_YCCK);
  info.comp_info[0].h_samp_factor = options.channels == 1 ? 1 : options.horizontal_sampling;
  info.comp_info[0].v_samp_factor = options.channels == 1 ? 1 : options.vertical_sampling;
  info.restart_interval = static_cast<unsigned>(options.restart_interval);
  if (options.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  std::vector<uint8_t> samples = pattern(width, height, options.channels);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = samples.data() + static_cast<size_t>(info.next_scanline) * width * options.channels;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  Bytes file = to_bytes(data, size);
  jpeg_destroy_compress(&info);
  std::free(data);
  return file;
}

// `colour_type` by PNG_COLOR_TYPE_*, not the palette.
inline Bytes make_png(int width, int height, int colour_type, int depth = 8, bool interlaced = false) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  Bytes file;
  const auto write = [](png_structp p, png_bytep data, size_t size) {
    auto& out = *static_cast<Bytes*>(png_get_io_ptr(p));
    const Bytes more = to_bytes(data, size);
    out.insert(out.end(), more.begin(), more.end());
  };
  png_set_write_fn(png, &file, write, [](png_structp) {});
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), depth,
               colour_type, interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  const int channels = png_get_channels(png, info);
  std::vector<uint8_t> samples = pattern(width * depth / 8, height, channels);
  std::vector<png_bytep> rows;
  for (int y = 0; y < height; ++y)
    rows.push_back(samples.data() + static_cast<size_t>(y) * (width * depth / 8) * channels);
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return file;
}

inline Bytes make_webp(int width, int height, bool lossless, bool alpha) {
  const std::vector<uint8_t> samples = pattern(width, height, alpha ? 4 : 3);
  const uint8_t* data = samples.data();
  uint8_t* out = nullptr;
  size_t size = 0;
  const int stride = width * (alpha ? 4 : 3);
  if (lossless) {
    size = alpha ? WebPEncodeLosslessRGBA(data, width, height, stride, &out)
                 : WebPEncodeLosslessRGB(data, width, height, stride, &out);
  } else {
    size = alpha ? WebPEncodeRGBA(data, width, height, stride, 75, &out)
                 : WebPEncodeRGB(data, width, height, stride, 75, &out);
  }
  Bytes file = to_bytes(out, size);
  WebPFree(out);
  return file;
}

// A TIFF structure that holds nothing but the orientation.
inline Bytes make_exif(uint8_t orientation, bool big_endian = false) {
  if (big_endian) {
    const uint8_t data[] = {'M', 'M', 0, 42, 0, 0, 0,           8, 0, 1, 1, 0x12, 0,
                            3,   0,   0, 0,  1, 0, orientation, 0, 0, 0, 0, 0,    0};
    return to_bytes(data, sizeof data);
  }
  const uint8_t data[] = {'I', 'I', 42, 0, 8, 0,           0, 0, 1, 0, 0x12, 1, 3,
                          0,   1,   0,  0, 0, orientation, 0, 0, 0, 0, 0,    0, 0};
  return to_bytes(data, sizeof data);
}

inline Bytes with_jpeg_exif(const Bytes& jpeg, const Bytes& exif) {
  const size_t length = exif.size() + 8;
  const uint8_t head[] = {
      0xFF, 0xE1, static_cast<uint8_t>(length >> 8), static_cast<uint8_t>(length), 'E', 'x', 'i', 'f', 0, 0};
  Bytes file(jpeg.begin(), jpeg.begin() + 2);
  const Bytes marker = to_bytes(head, sizeof head);
  file.insert(file.end(), marker.begin(), marker.end());
  file.insert(file.end(), exif.begin(), exif.end());
  file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
  return file;
}

struct Seed {
  std::string name;
  Bytes file;
};

inline std::vector<Seed> jpeg_seeds() {
  return {
      {"colour", make_jpeg(33, 21)},
      {"444", make_jpeg(17, 9, {.horizontal_sampling = 1, .vertical_sampling = 1})},
      {"440", make_jpeg(17, 9, {.horizontal_sampling = 1, .vertical_sampling = 2})},
      {"411", make_jpeg(40, 9, {.horizontal_sampling = 4, .vertical_sampling = 1})},
      {"grey", make_jpeg(20, 13, {.channels = 1})},
      {"progressive", make_jpeg(33, 21, {.progressive = true})},
      {"restarts", make_jpeg(33, 21, {.restart_interval = 1})},
      {"cmyk", make_jpeg(18, 11, {.channels = 4})},
      {"ycck", make_jpeg(18, 11, {.channels = 4, .ycck = true})},
      {"exif", with_jpeg_exif(make_jpeg(19, 8), make_exif(6))},
  };
}

inline std::vector<Seed> png_seeds() {
  return {
      {"rgb", make_png(13, 9, PNG_COLOR_TYPE_RGB)},
      {"rgba", make_png(13, 9, PNG_COLOR_TYPE_RGB_ALPHA)},
      {"grey", make_png(13, 9, PNG_COLOR_TYPE_GRAY)},
      {"grey-alpha-16", make_png(13, 9, PNG_COLOR_TYPE_GRAY_ALPHA, 16)},
      {"rgb-16", make_png(13, 9, PNG_COLOR_TYPE_RGB, 16)},
      {"interlaced", make_png(13, 9, PNG_COLOR_TYPE_RGB_ALPHA, 8, true)},
  };
}

inline std::vector<Seed> webp_seeds() {
  return {
      {"lossy", make_webp(21, 13, false, false)},
      {"lossy-alpha", make_webp(21, 13, false, true)},
      {"lossless", make_webp(21, 13, true, false)},
      {"lossless-alpha", make_webp(21, 13, true, true)},
  };
}

inline std::vector<Seed> exif_seeds() { return {{"little", make_exif(3)}, {"big", make_exif(8, true)}}; }

}  // namespace pomona::testing
