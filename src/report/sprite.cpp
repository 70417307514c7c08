#include "report/sprite.h"

#include <algorithm>
#include <cmath>

#include "image/jpeg_encoder.h"
#include "image/resize.h"

namespace pomona::report {
namespace {

constexpr int kQuality = 82;
constexpr uint8_t kWhite = 255;

void place(const Thumbnail& from, std::span<uint8_t> to, size_t to_width, size_t left, size_t top) {
  for (int y = 0; y < from.height; ++y) {
    const auto* row = from.pixels.data() + static_cast<size_t>(y) * 3 * from.width;
    std::copy_n(row, static_cast<size_t>(from.width) * 3, to.data() + 3 * ((top + y) * to_width + left));
  }
}

}  // namespace

Thumbnail make_thumbnail(const Image& image) {
  const int longer = std::max(image.width, image.height);
  if (longer <= 0) return {};
  const double scale = std::min(1.0, static_cast<double>(kTile) / longer);
  Thumbnail result;
  result.width = std::max(1, static_cast<int>(std::lround(image.width * scale)));
  result.height = std::max(1, static_cast<int>(std::lround(image.height * scale)));
  result.pixels.resize(static_cast<size_t>(result.width) * result.height * 3);
  Resizer(result.width, result.height).resize(image, result.pixels);
  return result;
}

Thumbnail average(const std::vector<const Thumbnail*>& thumbnails) {
  if (thumbnails.empty()) return {};
  constexpr size_t kValues = size_t{3} * kTile * kTile;
  std::vector<uint32_t> sums(kValues);
  std::vector<uint8_t> square(kValues);
  for (const Thumbnail* thumbnail : thumbnails) {
    std::fill(square.begin(), square.end(), kWhite);
    place(*thumbnail, square, kTile, static_cast<size_t>(kTile - thumbnail->width) / 2,
          static_cast<size_t>(kTile - thumbnail->height) / 2);
    for (size_t i = 0; i < kValues; ++i) sums[i] += square[i];
  }
  Thumbnail result{kTile, kTile, std::vector<uint8_t>(kValues)};
  const auto count = static_cast<uint32_t>(thumbnails.size());
  for (size_t i = 0; i < kValues; ++i) result.pixels[i] = static_cast<uint8_t>((sums[i] + count / 2) / count);
  return result;
}

Sprite make_sprite(const std::vector<Thumbnail>& thumbnails) {
  Sprite sprite;
  sprite.count = thumbnails.size();
  if (thumbnails.empty()) return sprite;
  sprite.columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(thumbnails.size()))));
  const auto columns = static_cast<size_t>(sprite.columns);
  const size_t width = columns * kTile;
  const size_t height = (thumbnails.size() + columns - 1) / columns * kTile;
  std::vector<uint8_t> sheet(3 * width * height, kWhite);
  for (size_t tile = 0; tile < thumbnails.size(); ++tile) {
    const Thumbnail& thumbnail = thumbnails[tile];
    place(thumbnail, sheet, width, tile % columns * kTile, tile / columns * kTile);
    sprite.sizes.push_back(static_cast<uint8_t>(thumbnail.width));
    sprite.sizes.push_back(static_cast<uint8_t>(thumbnail.height));
  }
  JpegEncoder encoder(kQuality);
  const auto bytes = encoder.encode(sheet, static_cast<int>(width), static_cast<int>(height));
  sprite.jpeg.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return sprite;
}

}  // namespace pomona::report
