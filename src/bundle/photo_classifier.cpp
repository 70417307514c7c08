#include "bundle/photo_classifier.h"

namespace pomona {

std::vector<PhotoClassifier::Result> PhotoClassifier::classify(std::span<const PhotoInput> photos,
                                                               size_t top) {
  const PhotoFeatures extracted = engine_.extract(photos);
  const size_t d = engine_.dimension();
  std::vector<Result> results;
  results.reserve(photos.size());
  for (size_t photo = 0; photo < photos.size(); ++photo) {
    if (extracted.rejects[photo]) {
      results.emplace_back(*extracted.rejects[photo]);
    } else {
      results.emplace_back(
          std::move(answers_.answer(std::span(extracted.features).subspan(photo * d, d), top).front()));
    }
  }
  return results;
}

}  // namespace pomona
