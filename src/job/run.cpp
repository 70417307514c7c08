#include "job/run.h"

#include "base/error.h"
#include "job/manifest.h"
#include "job/retry.h"
#include "job/stages.h"

namespace pomona {

namespace {

// What `run` does behind the features.
void make_model(Stages& stages) {
  const bool reduced = stages.reduced();
  if (reduced && stages.trained()) {
    stages.resume_fitted();
    return;
  }
  if (reduced) {
    stages.resume_fitted();
    stages.resume_reduced();
  } else {
    stages.fit();
    stages.reduce();
  }
  stages.augment();
  stages.train(false);
  stages.predict();
  stages.finish();
}

}  // namespace

RunSummary run(const std::string& source, const std::string& out, const JobSettings& settings,
               Console& console, const std::stop_token& stop, Engine* engine) {
  refuse_same_folder(source, out);
  Stages stages(out, settings, console, stop, engine);
  stages.extract(source, true);
  make_model(stages);
  return stages.summary();
}

RunSummary run_retry(const std::string& out, const std::string& source, const JobSettings& settings,
                     Console& console, const std::stop_token& stop) {
  require_dataset(out, settings.s3);
  const nlohmann::json made_with = *read_settings(*open_storage(out, settings.s3));
  const std::string from = source.empty() ? made_with.value("source", "") : source;
  refuse_same_folder(from, out);
  JobSettings remembered = remembered_settings(made_with, settings);
  remembered.retry = true;
  Stages stages(out, remembered, console, stop);
  stages.extract_again(from);
  if (made_with.contains("fit")) {
    make_model(stages);
  } else {
    stages.keep_network();
  }
  return stages.summary();
}

RunSummary run_extract(const std::string& source, const std::string& out, const JobSettings& settings,
                       Console& console, const std::stop_token& stop) {
  refuse_same_folder(source, out);
  Stages stages(out, settings, console, stop);
  stages.extract(source, false);
  stages.keep_network();
  return stages.summary();
}

RunSummary run_fit(const std::string& out, const JobSettings& settings, Console& console,
                   const std::stop_token& stop) {
  require_dataset(out, settings.s3);
  Stages stages(out, settings, console, stop);
  stages.resume_extracted();
  stages.fit();
  return stages.summary();
}

RunSummary run_reduce(const std::string& out, const JobSettings& settings, Console& console,
                      const std::stop_token& stop) {
  require_dataset(out, settings.s3);
  Stages stages(out, settings, console, stop);
  stages.resume_fitted();
  stages.reduce();
  stages.predict();
  stages.finish();
  return stages.summary();
}

RunSummary run_train(const std::string& out, const JobSettings& settings, Console& console,
                     const std::stop_token& stop) {
  require_dataset(out, settings.s3);
  JobSettings fitting = settings;
  fitting.train = true;
  take_fit_settings(read_settings(*open_storage(out, settings.s3))->value("fit", nlohmann::json::object()),
                    fitting);
  Stages stages(out, fitting, console, stop);
  if (!stages.fitted()) {  // not yet, or with the photos that a classifier must not learn from
    stages.resume_extracted();
    stages.fit();
    stages.reduce();
  } else {
    stages.resume_fitted();
    if (stages.reduced()) {
      stages.resume_reduced();
    } else {
      stages.reduce();
    }
  }
  stages.train(true);
  stages.predict();
  stages.finish();
  return stages.summary();
}

}  // namespace pomona
