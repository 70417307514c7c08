// A bundle made ready to answer photos that a caller hands in.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "bundle/bundle.h"
#include "bundle/feature_answers.h"
#include "bundle/photo_engine.h"

namespace pomona {

class PhotoClassifier {
 public:
  // Throws Error: mismatch where the bundle has no classifier.
  PhotoClassifier(const Bundle& bundle, size_t threads)
      : classes_(bundle.classes), answers_(bundle), engine_(bundle.decode, bundle.network, threads) {}

  const std::vector<std::string>& classes() const { return classes_; }

  using Result = std::variant<Answer, Reject>;
  // One a photo, in their order; the same bits as the batch run's.
  std::vector<Result> classify(std::span<const PhotoInput> photos, size_t top);

 private:
  std::vector<std::string> classes_;
  FeatureAnswers answers_;
  PhotoEngine engine_;
};

}  // namespace pomona
