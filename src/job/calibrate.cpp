#include "job/calibrate.h"

#include <algorithm>

#include "base/hash.h"
#include "image/resize.h"
#include "job/stopped.h"
#include "packed/open_source.h"

namespace pomona {
namespace {

struct Candidate {
  uint64_t hash;
  ObjectInfo object;
  bool operator<(const Candidate& other) const { return hash < other.hash; }
};

// The photos with the smallest hashes, found with a heap of their number: the listing may be of any length.
std::vector<ObjectInfo> smallest_hashes(const Storage& source, uint64_t count) {
  std::vector<Candidate> heap;
  source.list([&](ObjectInfo&& object) {
    const uint64_t hash = path_hash(object.key);
    if (heap.size() == count && hash >= heap.front().hash) return;
    heap.push_back({hash, std::move(object)});
    std::push_heap(heap.begin(), heap.end());
    if (heap.size() > count) {
      std::pop_heap(heap.begin(), heap.end());
      heap.pop_back();
    }
  });
  std::sort_heap(heap.begin(), heap.end());
  std::vector<ObjectInfo> photos;
  photos.reserve(heap.size());
  for (Candidate& candidate : heap) photos.push_back(std::move(candidate.object));
  return photos;
}

}  // namespace

Calibration calibrate_source(const std::string& source_uri, const JobSettings& settings, uint64_t photos,
                             Console& console, const std::stop_token& stop) {
  const auto source = open_source(source_uri, settings.s3);
  const CalibrationSettings calibration{.network = settings.network};
  const int size = calibration_size(calibration);
  DecodeSettings decode = settings.decode;
  decode.scaled_size = settings.scaled_decode ? size : 0;
  Decoder decoder(decode);
  Resizer resizer(size, size);
  Image image;
  Buffer file;

  const std::vector<ObjectInfo> chosen = smallest_hashes(*source, photos);
  Progress progress(console, "calibrate", chosen.size());
  const auto supply = [&](size_t photo, std::span<uint8_t> pixels) {
    throw_if_stopped(stop, "calibrate", *source, "before all photos were measured");
    ImageHeader header;
    const bool usable = !source->read_listed(chosen[photo], decode.max_bytes, file) &&
                        !decoder.decode(file.span(), image, header);
    if (usable) resizer.resize(image, pixels);
    progress.advance(1, usable ? 0 : 1);
    return usable;
  };
  Calibration result = calibrate(calibration, chosen.size(), supply);
  progress.finish();
  return result;
}

}  // namespace pomona
