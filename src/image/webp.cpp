// WebP through libwebp: lossy, lossless, alpha, and the first frame of an animation on its canvas.
#include <algorithm>
#include <memory>
#include <string_view>

#include <webp/decode.h>
#include <webp/demux.h>

#include "image/codec.h"

namespace pomona {
namespace {

struct DeleteDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, DeleteDemuxer>;

// Iterators hold memory of their own in libwebp's eyes.
struct ChunkIterator : WebPChunkIterator {
  ChunkIterator() : WebPChunkIterator{} {}
  ~ChunkIterator() { WebPDemuxReleaseChunkIterator(this); }
  ChunkIterator(const ChunkIterator&) = delete;
  ChunkIterator& operator=(const ChunkIterator&) = delete;
};
struct FrameIterator : WebPIterator {
  FrameIterator() : WebPIterator{} {}
  ~FrameIterator() { WebPDemuxReleaseIterator(this); }
  FrameIterator(const FrameIterator&) = delete;
  FrameIterator& operator=(const FrameIterator&) = delete;
};

uint64_t little_endian(std::span<const std::byte> bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = (value << 8) | std::to_integer<uint64_t>(bytes[i]);
  return value;
}

// The RIFF header says how long the file is.
bool is_cut_off(std::span<const std::byte> file) {
  return file.size() < 12 || little_endian(file.subspan(4, 4)) + 8 > file.size();
}

// The size of the canvas in an extended file's header. libwebp calls a canvas that its picture does not fill
// corrupt, before it tells the size; too large is what the user should hear.
MaybeReject check_canvas(DecodeJob& job) {
  constexpr size_t kCanvas = 24;  // RIFF, length, WEBP, VP8X, length, flags
  const std::string_view text(reinterpret_cast<const char*>(job.file.data()), job.file.size());
  if (text.size() < kCanvas + 6 || text.substr(12, 4) != "VP8X") return std::nullopt;
  const uint64_t width = little_endian(job.file.subspan(kCanvas, 3)) + 1;
  const uint64_t height = little_endian(job.file.subspan(kCanvas + 3, 3)) + 1;
  return check_size(job, "WebP", width, height, Orientation::top_left);
}

Reject damaged(std::span<const std::byte> file) {
  if (is_cut_off(file)) return reject(Reason::truncated, "The WebP file ends before its picture does.");
  return reject(Reason::corrupt, "The WebP data is damaged.");
}

Orientation read_orientation(const WebPDemuxer* demuxer) {
  ChunkIterator exif;
  if (WebPDemuxGetChunk(demuxer, "EXIF", 1, &exif) != 0) {
    const auto found = exif_orientation(std::as_bytes(std::span(exif.chunk.bytes, exif.chunk.size)));
    if (found) return *found;
  }
  ChunkIterator xmp;
  if (WebPDemuxGetChunk(demuxer, "XMP ", 1, &xmp) != 0) {
    const std::string_view text(reinterpret_cast<const char*>(xmp.chunk.bytes), xmp.chunk.size);
    return xmp_orientation(text).value_or(Orientation::top_left);
  }
  return Orientation::top_left;
}

// What the frame does not cover is transparent where the file has alpha; without, Pillow shows it as black.
bool decode_frame(const WebPIterator& frame, DecodeJob& job, const WebPBitstreamFeatures& canvas,
                  Orientation orientation) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) return false;
  const int channels = canvas.has_alpha != 0 ? 4 : 3;
  const size_t stride = static_cast<size_t>(canvas.width) * channels;
  uint8_t* pixels = job.canvas.begin_whole(job.image, canvas.width, canvas.height, channels, orientation);
  const bool covered = frame.width == canvas.width && frame.height == canvas.height;
  if (!covered) std::fill_n(pixels, stride * canvas.height, uint8_t{0});
  const size_t offset = stride * frame.y_offset + static_cast<size_t>(frame.x_offset) * channels;
  config.output.colorspace = channels == 4 ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels + offset;
  config.output.u.RGBA.stride = static_cast<int>(stride);
  config.output.u.RGBA.size = stride * canvas.height - offset;
  const VP8StatusCode status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
  WebPFreeDecBuffer(&config.output);
  return status == VP8_STATUS_OK;
}

}  // namespace

MaybeReject decode_webp(DecodeJob& job) {
  if (MaybeReject rejected = check_canvas(job)) return rejected;
  const auto* bytes = reinterpret_cast<const uint8_t*>(job.file.data());
  WebPBitstreamFeatures canvas;
  if (WebPGetFeatures(bytes, job.file.size(), &canvas) != VP8_STATUS_OK) return damaged(job.file);
  const auto check = [&](Orientation orientation) {
    return check_size(job, "WebP", canvas.width, canvas.height, orientation);
  };
  if (MaybeReject rejected = check(Orientation::top_left)) return rejected;
  const WebPData data = {bytes, job.file.size()};
  const Demuxer demuxer(WebPDemux(&data));
  if (!demuxer || is_cut_off(job.file)) return damaged(job.file);
  const Orientation orientation = read_orientation(demuxer.get());
  if (MaybeReject rejected = check(orientation)) return rejected;
  FrameIterator frame;
  if (WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0 || frame.complete == 0) return damaged(job.file);
  if (frame.x_offset + frame.width > canvas.width || frame.y_offset + frame.height > canvas.height ||
      !decode_frame(frame, job, canvas, orientation)) {
    return damaged(job.file);
  }
  job.canvas.finish_whole();
  return std::nullopt;
}

}  // namespace pomona
