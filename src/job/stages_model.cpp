// The stages behind the features: fit, reduce, train, predict.
#include "base/error.h"
#include "base/text.h"
#include "job/augment.h"
#include "job/dataset.h"
#include "job/fit.h"
#include "job/manifest.h"
#include "job/reduce.h"
#include "job/stages.h"
#include "job/train.h"
#include "packed/open_source.h"

namespace pomona {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr const char* kBundleManifest = "bundle/bundle.json";

std::vector<PartRecord> part_records(const Json& run, const char* name) {
  std::vector<PartRecord> parts;
  parts.reserve(run.value(name, Json::array()).size());
  for (const Json& part : run.value(name, Json::array())) {
    parts.push_back({part.value("bytes", uint64_t{0}), part.value("sha256", "")});
  }
  return parts;
}

}  // namespace

bool Stages::parts_stand(const Json& run, const char* name, std::string (*key)(uint64_t)) const {
  uint64_t shard = 0;
  for (const PartRecord& part : part_records(run, name)) {
    const auto info = dataset_->stat(key(shard++));
    if (!info || info->size != part.bytes) return false;
  }
  return shard == extracted_.records.size();
}

bool Stages::fitted() const {
  return made_with_.value("fit", Json()) == fit_settings(settings_) &&
         dataset_->stat(kBundleManifest).has_value();
}

bool Stages::reduced() const try {
  const auto run = read_run(*dataset_);
  if (!run || run->value("features_sha256", "") != features_sha256(extracted_.records)) return false;
  const Json settings = run->value("settings", Json::object());
  return settings.value("extract", Json()) == made_with_["extract"] &&
         settings.value("fit", Json()) == made_with_.value("fit", Json()) &&
         parts_stand(*run, "reduced", dataset::reduced_part) && dataset_->stat(kBundleManifest).has_value();
} catch (const Json::exception&) {
  return false;  // a run.json that is not ours to understand: fit and reduce write it anew
}

bool Stages::trained() const try {
  const auto run = read_run(*dataset_);
  if (!run || run->value("settings", Json::object()).value("train", Json()) != train_settings(settings_)) {
    return false;
  }
  if (run->value("classifier", Json()).is_null()) return true;
  const auto judged = dataset_->stat(dataset::kHeldBack);
  return judged && judged->size == run->value("held_back", Json::object()).value("bytes", uint64_t{0}) &&
         parts_stand(*run, "predictions", dataset::predictions_part);
} catch (const Json::exception&) {
  return false;
}

FitResult Stages::fitted_moments(const FitSettings& fitting) try {
  return engine_ != nullptr ? distributed().fit(extracted_.records, fitting)
                            : pomona::fit(*dataset_, extracted_.records, fitting, console_, stop_);
} catch (const Error& error) {
  if (error.code() == ErrorCode::no_data) keep_network();  // so that `retry` can follow
  throw;
}

// A table of labels that names other photos would pass in silence.
void Stages::warn_of_labels(size_t labels) {
  const std::string from = made_with_["extract"].value("labels", "");
  if (labels > 0 || from == "folder" || from == "none") return;
  console_.warn("none of the " + with_commas(total(extracted_.records, &ShardRecord::rows)) +
                " photos has a label in " + from + ": its paths are relative to the source");
}

void Stages::fit() {
  invalidate();
  dataset_->remove_below("reduced/", dataset::is_ours);  // of an older model, and of a classifier with it
  dataset_->remove_below(dataset::kPredictions, dataset::is_ours);
  dataset_->remove(dataset::kHeldBack);
  const auto start = Clock::now();
  const FitSettings fitting{settings_.components, settings_.whiten, made_with_["fit"].value("unknown", ""),
                            threads_};
  FitResult fitted = fitted_moments(fitting);
  warn_of_labels(fitted.labels.size());
  DecodeSettings decode = settings_.decode;
  decode.scaled_size = made_with_["extract"].value("scaled-decode", false) ? network_->size() : 0;
  decode.max_bytes = made_with_["extract"].value("max-bytes", decode.max_bytes);
  decode.max_pixels = made_with_["extract"].value("max-pixels", decode.max_pixels);
  const Provenance provenance{
      total(extracted_.records, &ShardRecord::photos), total(extracted_.records, &ShardRecord::rows),
      total(extracted_.records, &ShardRecord::rejects), features_sha256(extracted_.records)};
  std::vector<std::string> classes;
  classes.reserve(fitted.labels.size());
  for (const auto& [label, count] : fitted.labels) classes.push_back(label);
  bundle_ = Bundle{decode, *network_, std::move(fitted.scaler), std::move(fitted.pca), classes, provenance};
  write_bundle(*dataset_, dataset::kBundle, *bundle_);
  write_settings(*dataset_, made_with_);
  seconds_["fit"] = seconds_since(start);
}

void Stages::resume_fitted() {
  extracted_.records = read_all_records(*dataset_);
  if (!dataset_->stat(kBundleManifest)) {
    throw Error(ErrorCode::no_data, "reduce", dataset_->uri(), "it has not been fitted",
                "fit it first: `pomona fit " + dataset_->uri() + "`");
  }
  bundle_ = load_bundle(*dataset_, dataset::kBundle);
  network_ = bundle_->network;
  if (bundle_->provenance.features_sha256 != features_sha256(extracted_.records)) {
    throw Error(ErrorCode::mismatch, "reduce", dataset_->uri(), "the bundle was fitted on other features",
                "fit again: `pomona fit " + dataset_->uri() + "`");
  }
}

void Stages::reduce() {
  invalidate();
  const auto start = Clock::now();
  auto result = engine_ != nullptr
                    ? distributed().reduce(extracted_.records)
                    : pomona::reduce(*dataset_, extracted_.records,
                                     Projection(&bundle_->scaler, bundle_->pca), threads_, console_, stop_);
  reduced_ = std::move(result.parts);
  labels_ = std::move(result.labels);
  seconds_["reduce"] = seconds_since(start);
}

void Stages::resume_reduced() {
  const Json run = *read_run(*dataset_);
  reduced_ = part_records(run, "reduced");
  labels_ = run.value("labels", labels_);
}

void Stages::augment() {
  views_ = settings_.train ? settings_.augment : 0;
  if (views_ == 0 || pomona::augmented(*dataset_, extracted_.records, views_, settings_.augment_background))
    return;
  invalidate();
  const auto start = Clock::now();
  const AugmentSettings settings{views_, settings_.augment_background, made_with_["fit"].value("unknown", ""),
                                 bundle_->decode.max_bytes, threads_};
  if (engine_ != nullptr) {
    distributed().augment(extracted_.records, photo_order(bundle_->decode), settings);
  } else {
    FeatureExtractor extractor(bundle_->decode, *network_, threads_);
    pomona::augment(*open_source(source_uri_, settings_.s3), *dataset_, plan_, extracted_.records, settings,
                    extractor, console_, stop_);
  }
  seconds_["augment"] = seconds_since(start);
}

void Stages::train(bool required) {
  made_with_.erase("to-train");
  if (!settings_.train && !bundle_->classifier) {
    made_with_.erase("train");
    return;
  }
  invalidate();
  const auto start = Clock::now();
  // Without a source, the views that are there.
  const Json before = made_with_.value("train", Json());
  if (!required && settings_.train && before.is_object()) {
    const auto changed = differences(before, train_settings(settings_));
    for (const std::string& line : changed)
      console_.warn("the classifier is trained with other settings: " + line);
  }
  if (plan_.shards.empty() && before.is_object()) views_ = before.value("augment", uint64_t{0});
  made_with_["train"] = train_settings(settings_);
  if (settings_.train) made_with_["train"]["augment"] = views_;
  if (settings_.train && plan_.shards.empty() && before.is_object()) {
    made_with_["train"]["augment-background"] = before.value("augment-background", false);
  }
  bundle_->classifier.reset();
  dataset_->remove(dataset::kHeldBack);
  if (settings_.train) {
    try {
      TrainResult trained = pomona::train(*dataset_, extracted_.records, *bundle_,
                                          {made_with_["fit"].value("unknown", ""), settings_.false_rejection,
                                           settings_.class_weights, settings_.classifier, views_, threads_},
                                          console_, stop_);
      dataset_->write(dataset::kHeldBack, encode_predictions(trained.held_back));
      bundle_->classifier = std::move(trained.classifier);
    } catch (const Error& error) {
      if (required || error.code() != ErrorCode::no_data) throw;
      if (!bundle_->classes.empty()) console_.warn(std::string("no classifier: ") + error.what());
    }
  }
  write_bundle(*dataset_, dataset::kBundle, *bundle_);
  write_settings(*dataset_, made_with_);
  seconds_["train"] = seconds_since(start);
}

void Stages::predict() {
  const auto start = Clock::now();
  predictions_.clear();
  dataset_->remove_below(dataset::kPredictions, dataset::is_ours);
  if (!bundle_->classifier) return;
  predictions_ = engine_ != nullptr
                     ? distributed().predict(extracted_.records)
                     : pomona::predict(*dataset_, extracted_.records, *bundle_, threads_, console_, stop_);
  seconds_["predict"] = seconds_since(start);
}

void Stages::finish() {
  write_run(*dataset_, run_manifest());
  finished_ = true;
}

}  // namespace pomona
