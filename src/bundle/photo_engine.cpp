#include "bundle/photo_engine.h"

#include <algorithm>

#include "base/threads.h"
#include "storage/local.h"

namespace pomona {

PhotoEngine::PhotoEngine(const DecodeSettings& decode, const Network& network, size_t threads)
    : max_bytes_(decode.max_bytes),
      extractor_(decode, network, std::max<size_t>(1, threads)),
      files_(std::max<size_t>(1, threads)) {
  for (size_t worker = 0; worker < files_.size(); ++worker) workers_.push_back(extractor_.worker());
}

PhotoFeatures PhotoEngine::extract(std::span<const PhotoInput> photos) {
  const std::lock_guard lock(mutex_);
  const size_t d = dimension();
  PhotoFeatures result{std::vector<float>(photos.size() * d), std::vector<MaybeReject>(photos.size())};
  parallel_for(workers_.size(), photos.size(), [&](size_t photo, size_t worker) {
    result.rejects[photo] =
        extract_one(photos[photo], worker, std::span(result.features).subspan(photo * d, d));
  });
  return result;
}

MaybeReject PhotoEngine::extract_one(const PhotoInput& photo, size_t worker, std::span<float> features) {
  ImageHeader header;
  StepTimes times;
  if (const auto* path = std::get_if<std::string>(&photo)) {
    if (MaybeReject reject = read_file(*path, max_bytes_, files_[worker])) return reject;
    MaybeReject reject = workers_[worker].extract(files_[worker].span(), features, header, times);
    files_[worker].shrink_above(kKeptFileBytes);
    return reject;
  }
  return workers_[worker].extract(std::get<std::span<const std::byte>>(photo), features, header, times);
}

}  // namespace pomona
