// libjpeg's callbacks: bytes out of memory, errors and warnings as values, EXIF and XMP without a copy.
#pragma once

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>  // jpeglib.h needs FILE
#include <optional>
#include <span>

#include <jpeglib.h>

#include "base/reject.h"
#include "image/exif.h"

namespace pomona {

// The state of one decompression, reachable from each of libjpeg's callbacks.
struct JpegDecompression {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_source_mgr source{};
  jpeg_progress_mgr progress{};
  std::jmp_buf on_error{};

  std::span<const std::byte> file;
  bool ran_out = false;                        // the file's bytes ended before the picture did
  bool too_many_scans = false;                 // stopped because of them
  std::array<char, JMSG_LENGTH_MAX> damage{};  // the first warning that says that pixels are damaged
  std::optional<Orientation> exif;
  std::optional<Orientation> xmp;

  JpegDecompression() = default;
  ~JpegDecompression() { jpeg_destroy_decompress(&info); }  // does nothing if it was not created
  JpegDecompression(const JpegDecompression&) = delete;
  JpegDecompression& operator=(const JpegDecompression&) = delete;

  // Puts the callbacks in place and creates the decompressor. To be called after setjmp(on_error).
  void create(std::span<const std::byte> bytes);
  Orientation orientation() const { return exif.value_or(xmp.value_or(Orientation::top_left)); }
  bool damaged() const { return ran_out || damage[0] != '\0'; }
};

// The reject for the error or the damage that a decompression ended with.
Reject jpeg_reject(JpegDecompression& jpeg);

}  // namespace pomona
