#include "image/png_chunks.h"

#include <optional>
#include <string_view>

namespace pomona {
namespace {

using namespace std::string_view_literals;

constexpr size_t kSignature = 8;
constexpr size_t kChunkHead = 8;  // length, type
constexpr size_t kCrc = 4;

uint32_t big_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = (value << 8) | static_cast<uint8_t>(c);
  return value;
}

// The text of an iTXt chunk that holds an XMP packet; empty for any other, and for a compressed one, which
// XMP's own specification forbids.
std::string_view xmp_text(std::string_view chunk) {
  constexpr std::string_view kKeyword = "XML:com.adobe.xmp\0\0"sv;  // the second 0: not compressed
  return chunk.starts_with(kKeyword) ? chunk.substr(kKeyword.size()) : std::string_view();
}

}  // namespace

PngSummary summarize_png(std::span<const std::byte> file) {
  PngSummary summary;
  std::optional<Orientation> exif;
  std::optional<Orientation> xmp;
  std::string_view rest(reinterpret_cast<const char*>(file.data()), file.size());
  rest.remove_prefix(kSignature);
  for (bool first = true; rest.size() >= kChunkHead; first = false) {
    const uint32_t length = big_endian(rest);
    const std::string_view type = rest.substr(4, 4);
    if (rest.size() - kChunkHead < length) break;
    const std::string_view data = rest.substr(kChunkHead, length);
    if (first && type == "IHDR" && length == 13) {
      summary.has_header = true;
      summary.width = big_endian(data);
      summary.height = big_endian(data.substr(4));
    } else if (first) {
      summary.is_apple = type == "CgBI";
      return summary;
    } else if (type == "eXIf" && !exif) {
      exif = exif_orientation(std::as_bytes(std::span(data)));
    } else if (type == "iTXt" && !xmp) {
      xmp = xmp_orientation(xmp_text(data));
    } else if (type == "IEND") {
      break;
    }
    if (rest.size() - kChunkHead - length < kCrc) break;
    rest.remove_prefix(kChunkHead + length + kCrc);
  }
  summary.orientation = exif.value_or(xmp.value_or(Orientation::top_left));
  return summary;
}

}  // namespace pomona
