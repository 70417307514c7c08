#include "report/thumbnails.h"

#include <algorithm>
#include <memory>

#include "base/threads.h"
#include "storage/read_in_order.h"

namespace pomona::report {
namespace {

constexpr uint8_t kGrey = 200;
constexpr uint64_t kMostDamagedPixels = 30'000'000;

// What one thread keeps between photos.
class Reader {
 public:
  Reader(ReadInOrder& source, const DecodeSettings& limits, bool damaged)
      : source_(source), damaged_(damaged), decoder_(limits), damaged_decoder_(keeping(limits)) {}

  Thumbnail read(size_t number) {
    if (source_.read(number, file_)) return {};
    ImageHeader header;
    if (!decoder_.decode(file_.span(), image_, header)) return make_thumbnail(image_);
    return damaged_ ? read_damaged(header) : Thumbnail();
  }

 private:
  static DecodeSettings keeping(DecodeSettings settings) {
    settings.keep_damaged = true;
    return settings;
  }

  // Decodes again onto grey, so that no row of an earlier photo can be seen where this one has none.
  Thumbnail read_damaged(const ImageHeader& size) {
    const uint64_t pixels = static_cast<uint64_t>(std::max(0, size.width)) * std::max(0, size.height);
    if (pixels == 0 || pixels > kMostDamagedPixels) return {};
    Image image;
    std::ranges::fill(image.pixels.reset(3 * pixels), kGrey);
    ImageHeader header;
    damaged_decoder_.decode(file_.span(), image, header);
    if (image.width <= 0 || image.pixels.size() < size_t{3} * image.width * image.height) return {};
    return make_thumbnail(image);
  }

  ReadInOrder& source_;
  bool damaged_;
  Decoder decoder_;
  Decoder damaged_decoder_;
  Buffer file_;
  Image image_;
};

}  // namespace

std::vector<Thumbnail> read_thumbnails(const Storage& source,
                                       const std::vector<std::optional<ObjectInfo>>& objects,
                                       const DecodeSettings& limits, bool damaged, size_t threads) {
  DecodeSettings settings = limits;
  settings.scaled_size = kTile;
  std::vector<std::unique_ptr<Reader>> readers(std::max<size_t>(1, threads));
  std::vector<Thumbnail> thumbnails(objects.size());
  std::vector<size_t> found;  // those that there are
  for (size_t i = 0; i < objects.size(); ++i) {
    if (objects[i]) found.push_back(i);
  }
  ReadInOrder reads(source, found.size(), [&](size_t i) { return *objects[found[i]]; }, limits.max_bytes);
  parallel_for(readers.size(), found.size(), [&](size_t i, size_t worker) {
    if (!readers[worker]) readers[worker] = std::make_unique<Reader>(reads, settings, damaged);
    thumbnails[found[i]] = readers[worker]->read(i);
  });
  return thumbnails;
}

}  // namespace pomona::report
