// What the stages say at their end: run.json and the summary.
#include <numeric>

#include "base/hash.h"
#include "job/dataset.h"
#include "job/fit.h"
#include "job/manifest.h"
#include "job/stages.h"
#include "network/version.h"
#include "pomona/version.h"
#include "table/version.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

double seconds_of(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

Json parts_json(const std::vector<PartRecord>& records) {
  Json parts = Json::array();
  for (const PartRecord& part : records) parts.push_back({{"bytes", part.bytes}, {"sha256", part.sha256}});
  return parts;
}

// What cross-validation answered, where a classifier was trained: it stands from one training to the next.
Json held_back_json(const Storage& dataset) {
  if (!dataset.stat(dataset::kHeldBack)) return nullptr;
  const std::string bytes = dataset.read(dataset::kHeldBack);
  return {{"bytes", bytes.size()}, {"sha256", sha256_hex(std::string_view(bytes))}};
}

}  // namespace

Json Stages::run_manifest() const {
  const RunSummary sums = summary();
  const StepTimes& times = extracted_.times;
  return {{"format", "pomona-run"},
          {"format_version", 1},
          {"pomona_version", kVersion},
          {"versions", {{"openvino", openvino_version()}, {"arrow", arrow_version()}}},
          {"source", made_with_.value("source", "")},
          {"settings",
           {{"extract", made_with_["extract"]},
            {"fit", made_with_.value("fit", Json())},
            {"train", made_with_.value("train", Json())}}},
          {"features_sha256", features_sha256(extracted_.records)},
          {"photos", sums.photos},
          {"rows", sums.rows},
          {"rejects", sums.rejects},
          {"reasons", sums.reasons},
          {"labels", labels_},
          {"shards", extracted_.records.size()},
          {"dimension", network_->dimension()},
          {"components", sums.components},
          {"explained_variance_ratio", sums.explained_variance_ratio},
          {"reduced", parts_json(reduced_)},
          {"classifier", sums.classifier ? describe(*sums.classifier) : Json()},
          {"predictions", parts_json(predictions_)},
          {"held_back", held_back_json(*dataset_)},
          {"extracted", extracted_.extracted},
          {"threads", threads_},
          {"seconds", seconds_},
          {"thread_seconds",
           {{"read", seconds_of(times.read)},
            {"decode", seconds_of(times.decode)},
            {"resize", seconds_of(times.resize)},
            {"infer", seconds_of(times.infer)},
            {"write", seconds_of(times.write)}}}};
}

RunSummary Stages::summary() const {
  RunSummary sums;
  sums.photos = total(extracted_.records, &ShardRecord::photos);
  sums.rows = total(extracted_.records, &ShardRecord::rows);
  sums.rejects = total(extracted_.records, &ShardRecord::rejects);
  for (const ShardRecord& record : extracted_.records) {
    for (const auto& [reason, count] : record.reasons) sums.reasons[reason] += count;
  }
  sums.extracted = extracted_.extracted;
  sums.changed = finished_ || extracted_.extracted > 0;
  if (bundle_) {
    const std::vector<double>& ratios = bundle_->pca.explained_variance_ratio;
    sums.components = ratios.size();
    sums.explained_variance_ratio = std::accumulate(ratios.begin(), ratios.end(), 0.0);
  } else if (const auto run = read_run(*dataset_)) {
    sums.components = run->value("components", uint64_t{0});
    sums.explained_variance_ratio = run->value("explained_variance_ratio", 0.0);
  }
  if (bundle_ && bundle_->classifier) {
    sums.classifier = bundle_->classifier->held_back;
    sums.classes = bundle_->classes.size();
  }
  sums.seconds = seconds_since(start_);
  sums.dataset = dataset_->uri();
  sums.bundle = dataset_->uri() + "/bundle";
  if (settings_.max_rejects) {
    const auto* count = std::get_if<uint64_t>(&*settings_.max_rejects);
    const double limit = count ? static_cast<double>(*count)
                               : std::get<double>(*settings_.max_rejects) * static_cast<double>(sums.photos);
    sums.too_many_rejects = static_cast<double>(sums.rejects) > limit;
  }
  return sums;
}

}  // namespace pomona
