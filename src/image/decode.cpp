#include "image/decode.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/text.h"
#include "image/codec.h"
#include "image/sniff.h"

namespace pomona {

namespace {

MaybeReject decode_format(DecodeJob& job) {
  const Sniffed sniffed = sniff(job.file);
  switch (sniffed.format) {
    case Format::jpeg:
      return decode_jpeg(job);
    case Format::png:
      return decode_png(job);
    case Format::webp:
      return decode_webp(job);
    case Format::other:
      return reject(Reason::unsupported_format,
                    "A file of another format: " + std::string(sniffed.name) + ".");
    case Format::unknown:
      break;
  }
  return reject(Reason::not_an_image, "Its first bytes are those of no known image format.");
}

// A header may claim more than any picture has.
int to_int(uint64_t side) {
  return static_cast<int>(std::min<uint64_t>(side, std::numeric_limits<int>::max()));
}

}  // namespace

struct Decoder::State {
  DecodeSettings settings;
  Canvas canvas;
  BasicBuffer<uint8_t> line;
};

Decoder::Decoder(const DecodeSettings& settings) : state_(std::make_unique<State>()) {
  state_->settings = settings;
}
Decoder::~Decoder() = default;

MaybeReject Decoder::decode(std::span<const std::byte> file, Image& image, ImageHeader& header) {
  header = {};
  image.clear();
  const uint64_t limit = state_->settings.max_bytes;
  if (file.empty()) return Reject{Stage::read, Reason::empty, "The file has no bytes."};
  if (file.size() > limit) {
    return Reject{
        Stage::read, Reason::too_many_bytes,
        "The file has " + with_commas(file.size()) + " bytes; the limit is " + with_commas(limit) + "."};
  }
  DecodeJob job{file, state_->settings, image, header, state_->canvas, state_->line};
  MaybeReject rejected = decode_format(job);
  const bool damaged =
      rejected && (rejected->reason == Reason::truncated || rejected->reason == Reason::corrupt);
  if (rejected && !(damaged && state_->settings.keep_damaged)) image.clear();  // half a photo is none
  return rejected;
}

MaybeReject check_size(DecodeJob& job, const char* format, uint64_t width, uint64_t height,
                       Orientation orientation) {
  const bool swapped = transposes(orientation);
  job.header.format = format;
  job.header.width = to_int(swapped ? height : width);
  job.header.height = to_int(swapped ? width : height);
  if (width == 0 || height == 0) return reject(Reason::corrupt, "Its header gives it no pixels.");
  // Both are below 2^32 in every format, so the product cannot overflow.
  if (width * height > job.settings.max_pixels) {
    return reject(Reason::too_many_pixels, "Its header says " + with_commas(width) + " x " +
                                               with_commas(height) + " pixels; the limit is " +
                                               with_commas(job.settings.max_pixels) + ".");
  }
  return std::nullopt;
}

}  // namespace pomona
