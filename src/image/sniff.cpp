#include "image/sniff.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string_view>

namespace pomona {
namespace {

using namespace std::string_view_literals;

struct Magic {
  size_t offset;
  std::string_view bytes;
  Format format;
  const char* name;
};

// Ordered: a longer rule stands before a shorter one that it contains.
constexpr auto kMagics = std::to_array<Magic>({
    {0, "\xFF\xD8\xFF"sv, Format::jpeg, "JPEG"},
    {0, "\x89PNG\r\n\x1A\n"sv, Format::png, "PNG"},
    {0, "GIF87a"sv, Format::other, "GIF"},
    {0, "GIF89a"sv, Format::other, "GIF"},
    {0, "II\x2A\0\x10\0\0\0CR"sv, Format::other, "CR2 (Canon raw)"},
    {0, "IIRO"sv, Format::other, "ORF (Olympus raw)"},
    {0, "IIRS"sv, Format::other, "ORF (Olympus raw)"},
    {0, "MMOR"sv, Format::other, "ORF (Olympus raw)"},
    {0, "IIU\0"sv, Format::other, "RW2 (Panasonic raw)"},
    {0, "II\xBC"sv, Format::other, "JPEG XR"},
    {0, "II\x2A\0"sv, Format::other, "TIFF or a camera's raw format"},
    {0, "MM\0\x2A"sv, Format::other, "TIFF or a camera's raw format"},
    {0, "II\x2B\0"sv, Format::other, "BigTIFF"},
    {0, "MM\0\x2B"sv, Format::other, "BigTIFF"},
    {0, "FUJIFILMCCD-RAW"sv, Format::other, "RAF (Fujifilm raw)"},
    {0, "FOVb"sv, Format::other, "X3F (Sigma raw)"},
    {0, "\0MRM"sv, Format::other, "MRW (Minolta raw)"},
    {6, "HEAPCCDR"sv, Format::other, "CRW (Canon raw)"},
    {0, "\xFF\x0A"sv, Format::other, "JPEG XL"},
    {0, "\0\0\0\x0CJXL \r\n\x87\n"sv, Format::other, "JPEG XL"},
    {0, "\0\0\0\x0CjP  \r\n\x87\n"sv, Format::other, "JPEG 2000"},
    {0, "\xFF\x4F\xFF\x51"sv, Format::other, "JPEG 2000"},
    {0, "\xFF\xD8\xF7"sv, Format::other, "JPEG-LS"},
    {0, "8BPS\0\x01"sv, Format::other, "PSD (Photoshop)"},
    {0, "8BPS\0\x02"sv, Format::other, "PSB (Photoshop)"},
    {0, "gimp xcf"sv, Format::other, "XCF (GIMP)"},
    {0, "qoif"sv, Format::other, "QOI"},
    {0, "\x76\x2F\x31\x01"sv, Format::other, "OpenEXR"},
    {0, "#?RADIANCE"sv, Format::other, "Radiance HDR"},
    {0, "#?RGBE"sv, Format::other, "Radiance HDR"},
    {0, "DDS "sv, Format::other, "DDS"},
    {0, "\xABKTX "sv, Format::other, "KTX"},
    {0, "icns"sv, Format::other, "ICNS"},
    {0, "\x8AMNG\r\n\x1A\n"sv, Format::other, "MNG"},
    {0, "\x8BJNG\r\n\x1A\n"sv, Format::other, "JNG"},
    {0, "\x42\x50\x47\xFB"sv, Format::other, "BPG"},
    {0, "FLIF"sv, Format::other, "FLIF"},
    {0, "AT&TFORM"sv, Format::other, "DjVu"},
    {0, "%PDF-"sv, Format::other, "PDF"},
    {0, "%!PS"sv, Format::other, "EPS or PostScript"},
    {0, "\xC5\xD0\xD3\xC6"sv, Format::other, "EPS"},
    {0, "\x01\xDA\x01"sv, Format::other, "SGI"},
    {0, "\x01\xDA\0"sv, Format::other, "SGI"},
    {0, "\x59\xA6\x6A\x95"sv, Format::other, "Sun raster"},
    {0, "/* XPM */"sv, Format::other, "XPM"},
    {0, "SIMPLE  ="sv, Format::other, "FITS"},
    {128, "DICM"sv, Format::other, "DICOM"},
    {0, "\xD7\xCD\xC6\x9A"sv, Format::other, "WMF"},
    {40, " EMF"sv, Format::other, "EMF"},
});

struct Brand {
  std::string_view brand;
  const char* name;
};

// Major brands of the ISO base media format ("ftyp") that hold pictures. Anything else there is a video.
constexpr auto kBrands = std::to_array<Brand>({
    {"avif"sv, "AVIF"},
    {"avis"sv, "AVIF"},
    {"heic"sv, "HEIC (HEIF)"},
    {"heix"sv, "HEIC (HEIF)"},
    {"heim"sv, "HEIC (HEIF)"},
    {"heis"sv, "HEIC (HEIF)"},
    {"hevc"sv, "HEIC (HEIF)"},
    {"hevx"sv, "HEIC (HEIF)"},
    {"mif1"sv, "HEIF"},
    {"mif2"sv, "HEIF"},
    {"msf1"sv, "HEIF"},
    {"crx "sv, "CR3 (Canon raw)"},
});

bool has(std::string_view text, size_t offset, std::string_view bytes) {
  return text.size() >= offset && text.substr(offset).starts_with(bytes);
}

uint32_t little_endian(std::string_view text, size_t offset, size_t bytes) {
  uint32_t value = 0;
  for (size_t i = bytes; i-- > 0;) value = (value << 8) | static_cast<uint8_t>(text[offset + i]);
  return value;
}

// BMP's two letters alone would claim too many texts: its header length must be one that exists.
bool is_bmp(std::string_view text) {
  if (!has(text, 0, "BM") || text.size() < 18) return false;
  const uint32_t header = little_endian(text, 14, 4);
  return header == 12 || header == 16 || header == 40 || header == 52 || header == 56 || header == 64 ||
         header == 108 || header == 124;
}

bool is_icon(std::string_view text, char kind) {
  if (text.size() < 22 || little_endian(text, 0, 2) != 0 || text[2] != kind || text[3] != 0) return false;
  const uint32_t count = little_endian(text, 4, 2);
  return count > 0 && count < 256 && text[9] == 0;  // the entry's reserved byte
}

// P1 to P7, then white space: the Netpbm family.
bool is_netpbm(std::string_view text) {
  return text.size() > 2 && text[0] == 'P' &&
         ((text[1] >= '1' && text[1] <= '7') || text[1] == 'F' || text[1] == 'f') &&
         std::isspace(static_cast<unsigned char>(text[2])) != 0;
}

bool is_svg(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return false;
  text.remove_prefix(start);
  if (text.starts_with("<svg")) return true;
  const bool xml = text.starts_with("<?xml") || text.starts_with("<!DOCTYPE") || text.starts_with("<!--");
  return xml && text.substr(0, 4096).find("<svg") != std::string_view::npos;
}

Sniffed sniff_iso_media(std::string_view text) {
  const std::string_view brand = text.substr(8, 4);
  const auto* found = std::ranges::find(kBrands, brand, &Brand::brand);
  return {Format::other, found != kBrands.end() ? found->name : "video (ISO media, such as MP4)"};
}

}  // namespace

Sniffed sniff(std::span<const std::byte> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  for (const Magic& magic : kMagics) {
    if (has(text, magic.offset, magic.bytes)) return {magic.format, magic.name};
  }
  if (has(text, 0, "RIFF") && has(text, 8, "WEBP")) return {Format::webp, "WebP"};
  if (has(text, 4, "ftyp") && text.size() >= 12) return sniff_iso_media(text);
  if (is_bmp(text)) return {Format::other, "BMP"};
  if (is_icon(text, 1)) return {Format::other, "ICO"};
  if (is_icon(text, 2)) return {Format::other, "CUR"};
  if (is_netpbm(text)) return {Format::other, "Netpbm (PBM, PGM, PPM, PNM)"};
  if (is_svg(text)) return {Format::other, "SVG"};
  return {Format::unknown, ""};
}

}  // namespace pomona
