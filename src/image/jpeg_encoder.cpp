#include "image/jpeg_encoder.h"

#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "base/error.h"

namespace pomona {
namespace {

// libjpeg reports an error by a function that must not return; C frames lie between, so it is a jump, not a
// throw.
struct ErrorManager {
  jpeg_error_mgr base;  // first, so that libjpeg's pointer to it is a pointer to all of this
  std::jmp_buf jump;
  std::array<char, JMSG_LENGTH_MAX> message;
};

void leave(j_common_ptr codec) {
  auto* errors = reinterpret_cast<ErrorManager*>(codec->err);
  codec->err->format_message(codec, errors->message.data());
  std::longjmp(errors->jump, 1);  // NOLINT(cert-err52-cpp)
}

}  // namespace

struct JpegEncoder::State {
  ErrorManager errors = {};
  jpeg_compress_struct codec = {};
  unsigned char* file = nullptr;  // malloc'ed by libjpeg
  unsigned long size = 0;
  int quality = 0;

  // False where libjpeg gave up; then errors.message says why. No object with a destructor may live in here.
  bool encode(const uint8_t* rgb, int width, int height) {
    if (setjmp(errors.jump) != 0) {  // NOLINT(cert-err52-cpp)
      jpeg_abort_compress(&codec);
      return false;
    }
    jpeg_mem_dest(&codec, &file, &size);
    codec.image_width = static_cast<JDIMENSION>(width);
    codec.image_height = static_cast<JDIMENSION>(height);
    codec.input_components = 3;
    codec.in_color_space = JCS_RGB;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, quality, TRUE);
    jpeg_start_compress(&codec, TRUE);
    while (codec.next_scanline < codec.image_height) {
      // libjpeg's interface is older than const; it does not write to the row.
      auto* row =
          const_cast<JSAMPLE*>(rgb + static_cast<size_t>(codec.next_scanline) * 3 * codec.image_width);
      jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    return true;
  }
};

JpegEncoder::JpegEncoder(int quality) : state_(std::make_unique<State>()) {
  state_->quality = quality;
  state_->codec.err = jpeg_std_error(&state_->errors.base);
  state_->errors.base.error_exit = leave;
  jpeg_create_compress(&state_->codec);
}

JpegEncoder::~JpegEncoder() {
  jpeg_destroy_compress(&state_->codec);
  std::free(state_->file);  // NOLINT(cppcoreguidelines-no-malloc)
}

std::span<const std::byte> JpegEncoder::encode(std::span<const uint8_t> rgb, int width, int height) {
  // jpeg_mem_dest writes into the last file's memory where that is large enough, and replaces it where it is
  // not.
  std::free(state_->file);  // NOLINT(cppcoreguidelines-no-malloc)
  state_->file = nullptr;
  state_->size = 0;
  if (!state_->encode(rgb.data(), width, height)) {
    throw Error(ErrorCode::internal, "encode", "picture", state_->errors.message.data());
  }
  return std::as_bytes(std::span(state_->file, state_->size));
}

}  // namespace pomona
