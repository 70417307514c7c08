#include "image/exif.h"

namespace pomona {
namespace {

using namespace std::string_view_literals;

constexpr uint16_t kOrientationTag = 0x0112;
constexpr size_t kEntrySize = 12;  // tag, type, count, value or offset

// Numbers out of a TIFF structure; every read checks the bytes that are left.
class TiffReader {
 public:
  explicit TiffReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool read_byte_order() {
    if (bytes_.size() < 8) return false;
    const std::string_view head(reinterpret_cast<const char*>(bytes_.data()), 4);
    big_endian_ = head[0] == 'M';
    // The two crossed forms are invalid and are written by some cameras all the same.
    return head == "II\x2A\0"sv || head == "MM\0\x2A"sv || head == "MM\x2A\0"sv || head == "II\0\x2A"sv;
  }

  std::optional<uint32_t> number(uint64_t offset, size_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return std::nullopt;
    uint32_t value = 0;
    for (size_t i = 0; i < size; ++i) {
      const size_t at = static_cast<size_t>(offset) + (big_endian_ ? i : size - 1 - i);
      value = (value << 8) | std::to_integer<uint32_t>(bytes_[at]);
    }
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
  bool big_endian_ = false;
};

// Bytes of a TIFF type that holds a whole number (6 and 8, 9 signed); 0 for the others.
size_t whole_number_size(uint32_t type) {
  switch (type) {
    case 6:
      return 1;
    case 3:
    case 8:
      return 2;
    case 4:
    case 9:
    case 13:
      return 4;
    default:
      return 0;
  }
}

Orientation to_orientation(uint32_t value) {
  return value >= 1 && value <= 8 ? static_cast<Orientation>(value) : Orientation::top_left;
}

// Without "Exif\0\0", which some writers put there twice.
std::span<const std::byte> without_prefix(std::span<const std::byte> exif) {
  constexpr std::string_view kPrefix = "Exif\0\0"sv;
  std::string_view text(reinterpret_cast<const char*>(exif.data()), exif.size());
  for (int i = 0; i < 2; ++i) {
    if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
  }
  return exif.last(text.size());
}

}  // namespace

std::optional<Orientation> exif_orientation(std::span<const std::byte> exif) {
  TiffReader tiff(without_prefix(exif));
  if (!tiff.read_byte_order()) return std::nullopt;
  const uint64_t directory = tiff.number(4, 4).value_or(0);
  const uint32_t entries = tiff.number(directory, 2).value_or(0);
  for (uint32_t i = 0; i < entries; ++i) {
    const uint64_t entry = directory + 2 + uint64_t{i} * kEntrySize;
    if (!tiff.number(entry + 8, 4)) return std::nullopt;  // the directory is cut off here
    if (tiff.number(entry, 2) != kOrientationTag) continue;
    const size_t size = whole_number_size(tiff.number(entry + 2, 2).value_or(0));
    if (size == 0 || tiff.number(entry + 4, 4) != 1U) return Orientation::top_left;
    return to_orientation(tiff.number(entry + 8, size).value_or(0));
  }
  return std::nullopt;
}

std::optional<Orientation> xmp_orientation(std::string_view xmp) {
  constexpr std::string_view kName = "tiff:Orientation";
  for (size_t at = xmp.find(kName); at != std::string_view::npos; at = xmp.find(kName, at + 1)) {
    std::string_view rest = xmp.substr(at + kName.size());
    if (rest.starts_with("=\"")) {
      rest.remove_prefix(2);
    } else if (rest.starts_with('>')) {
      rest.remove_prefix(1);
    } else {
      continue;
    }
    if (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') return to_orientation(rest[0] - '0');
  }
  return std::nullopt;
}

}  // namespace pomona
