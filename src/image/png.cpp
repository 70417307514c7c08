// PNG through libpng: every colour type and depth, 16 bits to 8 by exact scaling, alpha over white, no gamma.
#include <array>
#include <csetjmp>
#include <cstring>
#include <string>

#include <png.h>

#include "image/codec.h"
#include "image/png_chunks.h"

namespace pomona {
namespace {

// The state of one read, reachable from libpng's callbacks.
struct PngRead {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::jmp_buf on_error{};

  std::span<const std::byte> file;
  size_t at = 0;
  bool ran_out = false;
  std::array<char, 128> error{};

  PngRead() = default;
  ~PngRead() { png_destroy_read_struct(&png, &info, nullptr); }
  PngRead(const PngRead&) = delete;
  PngRead& operator=(const PngRead&) = delete;
};

void read_bytes(png_structp png, png_bytep out, size_t count) {
  auto& read = *static_cast<PngRead*>(png_get_io_ptr(png));
  if (read.file.size() - read.at < count) {
    read.ran_out = true;
    png_error(png, "the file ends early");
  }
  std::memcpy(out, read.file.data() + read.at, count);
  read.at += count;
}

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  auto& read = *static_cast<PngRead*>(png_get_error_ptr(png));
  std::strncpy(read.error.data(), text, read.error.size() - 1);
  std::longjmp(read.on_error, 1);
}

void on_warning(png_structp, png_const_charp) {}  // about chunks that do not touch the pixels

// The steps below call libpng, so either may be left by longjmp: while it runs they hold nothing that needs a
// destructor.

// Returns false where libpng has no memory.
bool create(PngRead& read, std::span<const std::byte> file) {
  read.file = file;
  read.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &read, on_error, on_warning);
  if (read.png == nullptr) return false;
  read.info = png_create_info_struct(read.png);
  if (read.info == nullptr) return false;
  png_set_read_fn(read.png, &read, read_bytes);
  // Sizes were checked against our own limit; libpng's is lower for one side.
  png_set_user_limits(read.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  // Skip, unread, every chunk that does not make pixels: no colour profile or text can be a bomb. A wrong
  // checksum is an error in those too, for it tells that the file was damaged.
  png_set_keep_unknown_chunks(read.png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_set_crc_action(read.png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  return true;
}

void read_rows(PngRead& read, DecodeJob& job, int width, int height, int channels, Orientation orientation) {
  job.canvas.begin(job.image, width, height, orientation);
  uint8_t* line = channels == 4 ? job.line.reset(4 * static_cast<size_t>(width)).data() : nullptr;
  for (int y = 0; y < height; ++y) {
    uint8_t* row = job.canvas.row(y);
    png_read_row(read.png, channels == 4 ? line : row, nullptr);
    if (channels == 4) over_white(line, row, width);
    job.canvas.finish_row(y);
  }
}

// An interlaced picture comes in seven passes over the whole of it.
void read_passes(PngRead& read, DecodeJob& job, int width, int height, int channels, Orientation orientation,
                 int passes) {
  uint8_t* pixels = job.canvas.begin_whole(job.image, width, height, channels, orientation);
  for (int pass = 0; pass < passes; ++pass) {
    for (int y = 0; y < height; ++y) {
      png_read_row(read.png, pixels + static_cast<size_t>(y) * width * channels, nullptr);
    }
  }
  job.canvas.finish_whole();
}

void read_picture(PngRead& read, DecodeJob& job, Orientation orientation) {
  png_read_info(read.png, read.info);
  png_set_expand(read.png);    // palette to RGB, grey to 8 bits, tRNS to alpha
  png_set_scale_16(read.png);  // round(v * 255 / 65535)
  png_set_gray_to_rgb(read.png);
  const int passes = png_set_interlace_handling(read.png);
  png_read_update_info(read.png, read.info);
  const int width = static_cast<int>(png_get_image_width(read.png, read.info));
  const int height = static_cast<int>(png_get_image_height(read.png, read.info));
  const int channels = png_get_channels(read.png, read.info);
  if (passes == 1) {
    read_rows(read, job, width, height, channels, orientation);
  } else {
    read_passes(read, job, width, height, channels, orientation, passes);
  }
  png_read_end(read.png, nullptr);
}

}  // namespace

MaybeReject decode_png(DecodeJob& job) {
  const PngSummary summary = summarize_png(job.file);
  if (summary.is_apple) return reject(Reason::unsupported_kind, "An Apple-optimised PNG (CgBI) is not read.");
  if (summary.has_header) {
    MaybeReject rejected = check_size(job, "PNG", summary.width, summary.height, summary.orientation);
    if (rejected) return rejected;
  }
  PngRead read;
  if (setjmp(read.on_error) != 0) {
    if (read.ran_out) return reject(Reason::truncated, "The PNG file ends before its picture does.");
    return reject(Reason::corrupt, std::string("The PNG data is damaged: ") + read.error.data() + ".");
  }
  if (!create(read, job.file)) throw std::bad_alloc();
  read_picture(read, job, summary.orientation);
  return std::nullopt;
}

}  // namespace pomona
