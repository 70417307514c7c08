#include "report/evaluation_report.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "network/version.h"
#include "packed/open_source.h"
#include "pomona/version.h"
#include "report/judged.h"
#include "report/subject.h"

namespace pomona {
namespace {

using namespace report;
using Json = nlohmann::json;
using Kind = Judgement::Kind;

constexpr size_t kInMemory = 256'000'000;
constexpr size_t kRowsATable = 4096;

double seconds_of(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

Json settings_json(const Bundle& bundle) {
  const Network& network = bundle.network;
  return {{"extract",
           {{"network", to_utf8(network.network_name())},
            {"network-sha256", network.sha256()},
            {"size", network.size()},
            {"precision", name(network.precision())},
            {"scaled-decode", bundle.decode.scaled_size > 0},
            {"max-bytes", bundle.decode.max_bytes},
            {"max-pixels", bundle.decode.max_pixels}}},
          {"fit", {{"whiten", bundle.pca.whiten}}}};
}

// Every class of the bundle, also those that no photo has: an answer may name them.
std::map<std::string, uint64_t> label_counts(const std::vector<Judgement>& judgements, const Bundle& bundle) {
  std::map<std::string, uint64_t> counts;
  for (const std::string& label : bundle.classes) counts[label] = 0;
  for (const Judgement& judgement : judgements) {
    if (!judgement.reject && !judgement.label.empty()) ++counts[judgement.label];
  }
  return counts;
}

RejectList rejects_of(const std::vector<Judgement>& judgements, size_t most) {
  RejectList list;
  std::map<std::pair<std::string, std::string>, uint64_t> counts;
  for (const Judgement& judgement : judgements) {
    if (!judgement.reject) continue;
    const std::string stage(name(judgement.reject->stage));
    const std::string reason(name(judgement.reject->reason));
    ++counts[{stage, reason}];
    if (list.rows.size() < most) {
      list.rows.push_back(
          {judgement.path, judgement.label, stage, reason, to_utf8(judgement.reject->detail)});
    }
  }
  for (const auto& [names, count] : counts) list.reasons.push_back({names.first, names.second, count});
  std::ranges::stable_sort(list.reasons, std::greater<>(), &RejectCount::count);
  std::ranges::sort(list.rows, {}, &RejectRow::path);
  return list;
}

std::vector<PredictionRow> answers(const std::vector<Judgement>& judgements, const Bundle& bundle,
                                   Kind kind) {
  std::vector<PredictionRow> rows;
  for (const Judgement& judgement : judgements) {
    if (judgement.reject || judgement.kind != kind) continue;
    rows.push_back({judgement.path, judgement.label, bundle.classes[judgement.predicted],
                    judgement.probability, judgement.novelty});
  }
  return rows;
}

void scan(const std::vector<Judgement>& judgements, const StoredRows& reduced, const RowVisitor& visit) {
  std::vector<float> buffer;
  for (size_t first = 0; first < judgements.size(); first += kRowsATable) {
    ReducedTable table;
    table.k = reduced.dimension();
    const size_t count = std::min(kRowsATable, judgements.size() - first);
    const auto rows = reduced.read(first, count, buffer);
    for (size_t i = 0; i < count; ++i) {
      const Judgement& judgement = judgements[first + i];
      if (judgement.reject) continue;
      table.paths.push_back(judgement.path);
      table.labels.push_back(judgement.label);
      const auto row = rows.subspan(i * table.k, table.k);
      table.reduced.insert(table.reduced.end(), row.begin(), row.end());
    }
    visit(table);
  }
}

}  // namespace

EvaluationReport::EvaluationReport(const Bundle& bundle, std::string bundle_uri, std::string source_uri)
    : bundle_(bundle),
      bundle_uri_(std::move(bundle_uri)),
      source_uri_(std::move(source_uri)),
      projection_(&bundle.scaler, bundle.pca) {}

void EvaluationReport::listed(const std::vector<ObjectInfo>& objects, double seconds) {
  listing_seconds_ = seconds;
  objects_ = objects;
  judgements_.resize(objects.size());
  reduced_ = std::make_unique<StoredRows>(objects.size(), bundle_.pca.k(), kInMemory, temporary_folder());
}

void EvaluationReport::judged(size_t index, const Judgement& judgement, std::span<const float> features,
                              const StepTimes& times) {
  judgements_[index] = judgement;
  if (!features.empty()) {
    std::vector<float> reduced(projection_.k());
    projection_.apply(features, reduced);
    reduced_->write(index, reduced);
  }
  const std::lock_guard lock(mutex_);
  times_ += times;
}

Json EvaluationReport::run_json() const {
  const auto rejects = static_cast<uint64_t>(
      std::ranges::count_if(judgements_, [](const Judgement& j) { return j.reject.has_value(); }));
  const double seconds = seconds_of(std::chrono::steady_clock::now() - start_);
  return {{"pomona_version", kVersion},
          {"versions", {{"openvino", openvino_version()}}},
          {"source", to_utf8(source_uri_)},
          {"photos", judgements_.size()},
          {"rows", judgements_.size() - rejects},
          {"rejects", rejects},
          {"extracted", judgements_.size()},
          {"labels", label_counts(judgements_, bundle_)},
          {"dimension", bundle_.network.dimension()},
          {"components", bundle_.pca.k()},
          {"settings", settings_json(bundle_)},
          {"seconds", {{"plan", listing_seconds_}, {"evaluate", seconds - listing_seconds_}}},
          {"thread_seconds",
           {{"read", seconds_of(times_.read)},
            {"decode", seconds_of(times_.decode)},
            {"resize", seconds_of(times_.resize)},
            {"infer", seconds_of(times_.infer)}}}};
}

ReportSummary EvaluationReport::write(Storage& folder, const std::string& key, const ReportSettings& settings,
                                      Console& console) const {
  const auto start = std::chrono::steady_clock::now();
  Subject subject;
  subject.kind = "evaluation";
  subject.run = run_json();
  subject.dataset = to_utf8(bundle_uri_);
  subject.retry = settings.retry;
  subject.pca = bundle_.pca;
  subject.rejects = rejects_of(judgements_, settings.max_rejects);
  const auto known = answers(judgements_, bundle_, Kind::known);
  if (!known.empty() && bundle_.classifier) {
    subject.classifier = judge(known, answers(judgements_, bundle_, Kind::unknown), bundle_.classes,
                               bundle_.classifier->model.thresholds, "evaluation");
  }
  subject.scan = [this](const RowVisitor& visit) { scan(judgements_, *reduced_, visit); };
  subject.source = open_source(source_uri_, settings.s3);
  subject.limits = bundle_.decode;
  subject.locate = [this](std::span<const std::string> paths) {
    std::vector<std::optional<ObjectInfo>> found(paths.size());
    for (size_t i = 0; i < paths.size(); ++i) {
      const auto object = std::ranges::lower_bound(objects_, paths[i], {}, &ObjectInfo::key);
      if (object != objects_.end() && object->key == paths[i]) found[i] = *object;
    }
    return found;
  };
  ReportSummary summary;
  const std::string page = make_page(subject, settings, console, summary);
  folder.write(key, page);
  summary.bytes = page.size();
  summary.seconds = seconds_of(std::chrono::steady_clock::now() - start);
  return summary;
}

}  // namespace pomona
