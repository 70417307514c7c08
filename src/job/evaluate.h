// How good a bundle's answers are on labelled photos.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/progress.h"
#include "bundle/bundle.h"
#include "bundle/feature_extractor.h"
#include "classify/metrics.h"
#include "storage/storage.h"

namespace pomona {

struct Judgement;

// Told of everything that an evaluation sees: for a report of it.
class EvaluationObserver {
 public:
  virtual ~EvaluationObserver() = default;
  // Once, before the first photo: what there is, in the order of `index` below.
  virtual void listed(const std::vector<ObjectInfo>& objects, double seconds) = 0;
  // Once a photo, from several threads at the same time. `features` are empty for a reject.
  virtual void judged(size_t index, const Judgement& judgement, std::span<const float> features,
                      const StepTimes& times) = 0;
};

struct EvaluateOptions {
  std::string labels = "folder";  // as JobSettings::labels
  std::string unknown;            // label of photos that show none of the classes
  size_t mistakes = 20;           // the most confident wrong answers that are named
  size_t threads = 1;
  EvaluationObserver* observer = nullptr;  // may be missing
};

struct Mistake {
  std::string path;
  std::string label;
  std::string predicted;
  double probability;
  Verdict verdict;
};

struct NoveltyFigures {
  std::optional<double> auroc;            // novelty of unknown photos against that of known ones
  std::optional<double> false_rejection;  // share of known photos that is answered `not-a-fruit`
  std::optional<double> true_rejection;   // share of unknown photos that is answered so
  uint64_t known = 0;
  uint64_t unknown = 0;
};

// `known` photos have a label that is one of the classes; the figures of accuracy are theirs alone, whatever
// the verdict.
struct EvaluationResult {
  uint64_t photos = 0;
  uint64_t rows = 0;
  uint64_t rejects = 0;
  std::map<std::string, uint64_t> reasons;       // rejects by reason
  std::map<std::string, uint64_t> other_labels;  // photos whose label is neither a class nor the unknown one
  uint64_t unlabelled = 0;
  std::vector<std::string> classes;
  std::optional<Evaluation> known;  // none where no photo is known
  Interval accuracy_interval{0, 1};
  Reliability calibration;
  double log_loss = 0;
  double uncertain = 0;  // share of the known photos
  NoveltyFigures novelty;
  std::vector<Mistake> mistakes;
};

// Every photo below `source`, through the same code as the batch run. Memory: about 100 bytes a photo, beside
// what the threads work on. Throws Error: no_data where the source holds no photo.
EvaluationResult evaluate(const Bundle& bundle, const Storage& source, const EvaluateOptions& options,
                          Console& console, const std::stop_token& stop);

// Keys: docs/guides/classifier.md.
nlohmann::json to_json(const EvaluationResult& result);

}  // namespace pomona
