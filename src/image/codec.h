// What the decoders of the formats share.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "image/canvas.h"
#include "image/decode.h"

namespace pomona {

// One photo on its way through a decoder.
struct DecodeJob {
  std::span<const std::byte> file;
  const DecodeSettings& settings;
  Image& image;
  ImageHeader& header;
  Canvas& canvas;
  BasicBuffer<uint8_t>& line;  // working memory of a decoder: a row in the file's own colours
};

inline Reject reject(Reason reason, std::string detail) { return {Stage::decode, reason, std::move(detail)}; }

// A reject if a picture of this size, as stored, is over the limit or has no pixels; else nothing, and the
// header filled.
MaybeReject check_size(DecodeJob& job, const char* format, uint64_t width, uint64_t height,
                       Orientation orientation);

MaybeReject decode_jpeg(DecodeJob& job);
MaybeReject decode_png(DecodeJob& job);
MaybeReject decode_webp(DecodeJob& job);

}  // namespace pomona
