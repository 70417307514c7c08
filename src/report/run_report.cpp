// The report of a finished run.
#include <chrono>

#include "base/error.h"
#include "base/text.h"
#include "bundle/bundle.h"
#include "job/dataset.h"
#include "job/manifest.h"
#include "packed/open_source.h"
#include "report/held_back.h"
#include "report/locate.h"
#include "report/report.h"
#include "report/scan.h"
#include "report/subject.h"

namespace pomona {
namespace {

using namespace report;
using Json = nlohmann::json;

Json finished_run(const Storage& dataset) {
  auto run = read_run(dataset);
  if (run && run->contains("reduced")) return std::move(*run);
  throw Error(ErrorCode::no_data, "report", dataset.uri(), "the run has not ended: there is no run.json",
              "end it first: the same `pomona run SOURCE OUT` goes on from where it stopped");
}

std::string retry_command(const Storage& dataset, const Json& run, const ReportSettings& settings) {
  if (!settings.retry.empty()) return settings.retry;
  return "pomona run " + shell_quoted(run.value("source", "SOURCE")) + " " + shell_quoted(dataset.uri());
}

// Null, with a warning, where the photos cannot be had: the page has no pictures then.
std::unique_ptr<Storage> photos_of(const Json& run, const ReportSettings& settings, Console& console) {
  const std::string uri = settings.source.empty() ? run.value("source", "") : settings.source;
  if (uri.empty()) return nullptr;
  try {
    return open_source(uri, settings.s3);
  } catch (const Error& error) {
    console.warn(std::string("the report has no pictures: ") + error.what());
    return nullptr;
  }
}

DecodeSettings limits_of(const Json& run) {
  DecodeSettings limits;
  const Json extract = run.value("settings", Json::object()).value("extract", Json::object());
  limits.max_bytes = extract.value("max-bytes", limits.max_bytes);
  limits.max_pixels = extract.value("max-pixels", limits.max_pixels);
  return limits;
}

Subject subject_of(const Storage& dataset, const ReportSettings& settings, Console& console) {
  Subject subject;
  subject.kind = "run";
  subject.run = finished_run(dataset);
  subject.dataset = dataset.uri();
  subject.retry = retry_command(dataset, subject.run, settings);
  const Bundle bundle = load_bundle(dataset, dataset::kBundle);
  subject.classifier = held_back_report(dataset, subject.run, bundle);
  subject.pca = bundle.pca;
  subject.rejects = read_rejects(dataset, read_all_records(dataset), settings.max_rejects);
  subject.source = photos_of(subject.run, settings, console);
  subject.limits = limits_of(subject.run);
  subject.scan = [&dataset, run = subject.run, threads = settings.threads](const RowVisitor& visit) {
    scan_reduced(dataset, run, threads, visit);
  };
  subject.locate = [&dataset, shards = subject.run.value("shards", uint64_t{0})](
                       std::span<const std::string> paths) { return report::locate(dataset, shards, paths); };
  return subject;
}

}  // namespace

ReportSummary write_report(Storage& dataset, const ReportSettings& settings, Console& console,
                           const std::string& key) {
  const auto start = std::chrono::steady_clock::now();
  ReportSummary summary;
  const std::string page = make_page(subject_of(dataset, settings, console), settings, console, summary);
  dataset.write(key, page);
  summary.bytes = page.size();
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  console.info("report   " + dataset.uri() + "/" + key + ", " + human_bytes(summary.bytes));
  return summary;
}

}  // namespace pomona
