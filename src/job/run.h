// The main job: plan, extract, fit, reduce, train; each stage also alone. Doing it again resumes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "base/progress.h"
#include "bundle/trained_classifier.h"
#include "job/engine.h"
#include "job/settings.h"

namespace pomona {

struct RunSummary {
  uint64_t photos = 0;
  uint64_t rows = 0;
  uint64_t rejects = 0;
  std::map<std::string, uint64_t> reasons;
  uint64_t extracted = 0;  // photos that this call inferred or rejected; the others were there before
  bool changed = false;    // something was written: rows, model or run.json
  uint64_t components = 0;
  double explained_variance_ratio = 0;        // of all components together
  uint64_t classes = 0;                       // that the classifier tells apart
  std::optional<CrossValidation> classifier;  // its figures; none without a classifier
  double seconds = 0;
  std::string dataset;  // as the user wrote it
  std::string bundle;
  bool too_many_rejects = false;  // more than the settings allow

  double images_per_second() const { return seconds > 0 ? static_cast<double>(extracted) / seconds : 0; }
};

// All stages. `stop` ends a job at the next photo (Error interrupted): what was extracted of shards that were
// not complete is dropped, and done again by the next call. Throws Error; the dataset then holds what was
// committed, and the same call goes on from there.
// With an engine, photos are extracted and features read by its tasks; this process plans, fits and writes
// the bundle. The results are the same, byte for byte.
RunSummary run(const std::string& source, const std::string& out, const JobSettings& settings,
               Console& console, const std::stop_token& stop, Engine* engine = nullptr);

// Plan and extract alone.
RunSummary run_extract(const std::string& source, const std::string& out, const JobSettings& settings,
                       Console& console, const std::stop_token& stop);
// Tries the rejects again whose reason can pass (can_pass()), keeps all other rows and rejects, and then goes
// on as `run` would, with the settings that the dataset was made with; `settings` gives what shapes no
// result. `source`: where its photos are now; empty: where they were.
RunSummary run_retry(const std::string& out, const std::string& source, const JobSettings& settings,
                     Console& console, const std::stop_token& stop);
// Scaler, PCA and bundle of an extracted dataset, with the settings given here. Reduced vectors of an older
// fit go.
RunSummary run_fit(const std::string& out, const JobSettings& settings, Console& console,
                   const std::stop_token& stop = {});
// Reduced vectors of a fitted dataset, predictions where it has a classifier, and run.json.
RunSummary run_reduce(const std::string& out, const JobSettings& settings, Console& console,
                      const std::stop_token& stop = {});
// Classifier and predictions of a fitted dataset, and run.json; the reduced vectors too where they are
// missing.
RunSummary run_train(const std::string& out, const JobSettings& settings, Console& console,
                     const std::stop_token& stop = {});

}  // namespace pomona
