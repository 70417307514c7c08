// JPEG through libjpeg-turbo's libjpeg interface: default DCT and fancy upsampling, bit for bit as Pillow.
#include <algorithm>
#include <string>

#include "image/codec.h"
#include "image/jpeg_source.h"

namespace pomona {
namespace {

// Pillow's Image.draft: the largest of 8, 4, 2 and 1 that keeps margin * size pixels on both sides.
unsigned scale_of(const DecodeSettings& settings, unsigned width, unsigned height) {
  if (settings.scaled_size <= 0) return 1;
  const auto wanted = static_cast<unsigned>(settings.scaled_size * settings.scaled_margin);
  if (wanted == 0) return 1;
  const unsigned fits = std::min(width / wanted, height / wanted);
  for (const unsigned scale : {8U, 4U, 2U}) {
    if (fits >= scale) return scale;
  }
  return 1;
}

// As Pillow: CMYK in JPEG files is stored inverted, by Adobe's habit; so `cmyk` holds 255 - C and so on. 255
// - K times 255 - C, divided by 255 and rounded.
void cmyk_to_rgb(const uint8_t* cmyk, uint8_t* rgb, int width) {
  for (int x = 0; x < width; ++x, cmyk += 4, rgb += 3) {
    const int white = cmyk[3];
    for (int channel = 0; channel < 3; ++channel) {
      const int product = (255 - cmyk[channel]) * white + 128;
      rgb[channel] = static_cast<uint8_t>(std::max(0, white - (((product >> 8) + product) >> 8)));
    }
  }
}

// The two steps below call libjpeg, so either may be left by longjmp: while it runs they hold nothing that
// needs a destructor.

bool read_header(JpegDecompression& jpeg, DecodeJob& job, MaybeReject& rejected) {
  jpeg_read_header(&jpeg.info, TRUE);
  const int components = jpeg.info.num_components;
  rejected = check_size(job, "JPEG", jpeg.info.image_width, jpeg.info.image_height, jpeg.orientation());
  if (!rejected && components != 1 && components != 3 && components != 4) {
    rejected = reject(Reason::unsupported_kind,
                      "A JPEG of " + std::to_string(components) + " colour components is not read.");
  }
  return !rejected;
}

void read_pixels(JpegDecompression& jpeg, DecodeJob& job) {
  jpeg_decompress_struct& info = jpeg.info;
  const bool cmyk = info.num_components == 4;
  info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  info.scale_num = 1;
  info.scale_denom = scale_of(job.settings, info.image_width, info.image_height);
  jpeg_start_decompress(&info);
  const int width = static_cast<int>(info.output_width);
  const int height = static_cast<int>(info.output_height);
  const Orientation orientation = jpeg.orientation();
  job.canvas.begin(job.image, width, height, orientation);
  const auto denominator = static_cast<float>(info.scale_denom);
  const Box box = {0, 0, static_cast<float>(info.image_width) / denominator,
                   static_cast<float>(info.image_height) / denominator};
  job.image.box = oriented_box(box, width, height, orientation);
  uint8_t* line = cmyk ? job.line.reset(4 * static_cast<size_t>(width)).data() : nullptr;
  for (int y = 0; y < height; ++y) {
    uint8_t* row = job.canvas.row(y);
    JSAMPROW target = cmyk ? line : row;
    jpeg_read_scanlines(&info, &target, 1);
    if (cmyk) cmyk_to_rgb(line, row, width);
    job.canvas.finish_row(y);
  }
  jpeg_finish_decompress(&info);
}

}  // namespace

MaybeReject decode_jpeg(DecodeJob& job) {
  // Before setjmp: a longjmp comes back into their life and skips no destructor.
  MaybeReject rejected;
  JpegDecompression jpeg;
  const bool failed = setjmp(jpeg.on_error) != 0;
  if (!failed) {
    jpeg.create(job.file);
    if (read_header(jpeg, job, rejected)) read_pixels(jpeg, job);
  }
  if (!rejected && (failed || jpeg.damaged())) rejected = jpeg_reject(jpeg);
  return rejected;
}

}  // namespace pomona
