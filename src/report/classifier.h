// What the report says about a classifier. The numbers come from src/classify; the report adds pictures, no
// arithmetic.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pomona {

// One photo's answer; labels are names of classes.
struct ReportPrediction {
  std::string path;
  std::string label;
  std::string predicted;
  double probability = 0;
};

struct ReportConfusion {
  std::string label;
  std::string predicted;
  uint64_t count = 0;
  std::vector<std::string> paths;  // a few of its photos
};

struct ReportClassScore {
  std::string label;
  std::optional<double> precision, recall, f1;  // nothing where it is not defined
  uint64_t support = 0;
};

struct ReportReliabilityBin {
  double lower = 0, upper = 0;  // of the stated probability
  uint64_t count = 0;
  double confidence = 0;  // mean stated probability
  double accuracy = 0;    // share that was right
};

struct ReportNovelty {
  std::vector<double> edges;    // one more than bins
  std::vector<uint64_t> known;  // photos of known classes by score
  std::vector<uint64_t> unknown;
  double threshold = 0;
  double false_rejection = 0;  // share of known photos above the threshold
  std::optional<double> true_rejection, auroc;
};

struct ClassifierReport {
  std::string basis = "held-back";  // or "cross-validated", "evaluation": what the photos were
  uint64_t photos = 0;
  double accuracy = 0, macro_f1 = 0, ece = 0;
  std::vector<ReportConfusion> confusion;  // cells that are not 0
  std::vector<ReportClassScore> per_class;
  std::vector<ReportReliabilityBin> reliability;
  std::vector<ReportPrediction> mistakes;  // the surest first
  std::optional<ReportNovelty> novelty;
};

}  // namespace pomona
