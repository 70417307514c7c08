#include "job/stages.h"

#include <filesystem>
#include <future>
#include <numeric>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "job/dataset.h"
#include "job/manifest.h"
#include "job/retry.h"
#include "job/set_aside.h"
#include "packed/open_source.h"

namespace pomona {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

std::string joined(const std::vector<std::string>& lines) {
  return std::accumulate(lines.begin(), lines.end(), std::string(),
                         [](const std::string& text, const std::string& line) {
                           return text.empty() ? line : text + "; " + line;
                         });
}

// From any folder: a local one's absolute path.
std::string whole_uri(const Storage& source) {
  const auto folder = source.local_folder();
  return folder ? std::filesystem::absolute(*folder).lexically_normal().string() : source.uri();
}

// What a dataset is made of, where other files of such names would be taken for its own.
constexpr const char* kNames[] = {"run.json",  "report.html", "bundle",  "shards",
                                  "features",  "rejects",     "reduced", "predictions",
                                  "held-back", "augmented",   "moments", "previous"};

}  // namespace

void refuse_foreign_files(const Storage& dataset) {
  if (dataset.stat(dataset::kSettings)) return;
  for (const char* name : kNames) {
    if (!dataset.stat(name)) continue;
    throw Error(ErrorCode::usage, "run", dataset.uri() + "/" + name,
                "this is no dataset of Pomona's, and has something by a name that a dataset uses",
                "name another folder for the results; or remove it, or give --overwrite");
  }
}

void refuse_same_folder(const std::string& source, const std::string& out) {
  const auto source_storage = open_storage(source);
  const auto out_storage = open_storage(out);
  const auto from = source_storage->local_folder();
  const auto to = out_storage->local_folder();
  std::error_code error;
  const bool is_same = from && to ? std::filesystem::equivalent(*from, *to, error)
                                  : source_storage->uri() == out_storage->uri();
  if (is_same) {
    throw Error(ErrorCode::usage, "run", out, "the results would go into the folder of the photos",
                "name another folder for the results");
  }
}

void require_dataset(const std::string& out, const S3Options& s3) {
  if (!open_storage(out, s3)->stat(dataset::kSettings)) {
    throw Error(ErrorCode::not_found, "dataset", out, "there is no dataset here",
                "name the OUT folder of `pomona run` or `pomona extract`");
  }
}

Stages::Stages(const std::string& out, const JobSettings& settings, Console& console, std::stop_token stop,
               Engine* engine)
    : settings_(settings),
      console_(console),
      dataset_(open_storage(out, settings.s3)),
      threads_(threads_of(settings)),
      engine_(engine),
      stop_(std::move(stop)),
      start_(Clock::now()) {
  lock_ = dataset_->lock();
  made_with_ = Json::object();
  if (!settings.overwrite) made_with_ = read_settings(*dataset_).value_or(Json::object());
}

void refuse_other_settings(const Json& made_with, const JobSettings& settings, const Network& network,
                           bool fitting, const std::string& out) {
  if (!made_with.contains("extract")) return;
  std::vector<std::string> lines = differences(made_with["extract"], extract_settings(settings, network));
  if (fitting && made_with.contains("fit")) {
    Json there = made_with["fit"];
    Json now_fit = fit_settings(settings);
    for (Json* fit : {&there, &now_fit}) fit->erase("unknown");  // follows --train: then it is fitted again
    const auto more = differences(there, now_fit);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  if (lines.empty()) return;
  throw Error(ErrorCode::mismatch, "run", out, "it holds a run with other settings: " + joined(lines),
              "give the settings it was made with, name another folder, or start anew with --overwrite "
              "(`pomona fit` alone changes --components and --whiten)");
}

void Stages::check_settings(bool fitting) {
  refuse_other_settings(made_with_, settings_, *network_, fitting, dataset_->uri());
  made_with_["extract"] = extract_settings(settings_, *network_);
  if (!fitting) return;
  made_with_["fit"] = fit_settings(settings_);
  made_with_.erase("to-train");
  if (settings_.train) made_with_["to-train"] = train_settings(settings_);  // until it is trained
}

Plan Stages::plan(const Storage& source, const JobSettings& settings) {
  const auto start = Clock::now();
  Plan plan = settings.retry
                  ? make_plan(committed_photos(source, *dataset_, made_with_.value("shards", uint64_t{0})),
                              source.uri(), *dataset_, settings, console_, stop_)
                  : make_plan(source, *dataset_, settings, console_, stop_);
  plan.retry = settings.retry;
  // Before hours of inference, not behind them.
  check_components(settings_.components, static_cast<uint64_t>(network_->dimension()), plan.photos);
  // Only now, when the source, the network and the settings have proved good, does an older run go.
  if (settings_.overwrite && dataset_->stat(dataset::kSettings)) remove_results(*dataset_);
  keep_older_shards(plan);
  made_with_["shards"] = plan.shards.size();
  made_with_["source"] = to_utf8(whole_uri(source));
  write_settings(*dataset_, made_with_);
  seconds_["plan"] = seconds_since(start);
  console_.info("plan     " + counted(plan.photos, "photo") + ", " + human_bytes(plan.bytes) + ", in " +
                counted(plan.shards.size(), "shard"));
  return plan;
}

void Stages::keep_older_shards(Plan& plan) {
  const auto shards_before = made_with_.value("shards", uint64_t{0});
  const auto stale = stale_records(*dataset_, plan, settings_sha256(), shards_before);
  plan.previous = made_with_.value("previous", plan.previous);
  add_shard_counts(stale, plan.previous);
  if (!stale.empty()) {
    invalidate();
    made_with_["retry"] = plan.retry;        // whether the older plan is of the same photos
    made_with_["previous"] = plan.previous;  // before anything moves: a killed call must be found again
    write_settings(*dataset_, made_with_);
  }
  set_aside(*dataset_, plan, stale);
  if (plan.shards.size() < shards_before) {
    invalidate();
    remove_shards(*dataset_, plan.shards.size(), shards_before);
  }
}

void Stages::drop_older_shards() {
  if (!made_with_.contains("previous")) return;
  dataset_->remove_below(dataset::kPrevious, dataset::is_ours);
  made_with_.erase("previous");
  made_with_.erase("retry");
  write_settings(*dataset_, made_with_);
}

void Stages::extract(const std::string& source_uri, bool fitting) {
  if (!settings_.overwrite) refuse_foreign_files(*dataset_);
  network_ = Network::load(settings_.network);
  if (!network_->remark().empty()) console_.warn(network_->remark());
  check_settings(fitting);
  extract_photos(source_uri);
}

void Stages::extract_again(const std::string& source_uri) {
  if (made_with_.contains("previous") && !made_with_.value("retry", false)) {
    throw Error(ErrorCode::no_data, "retry", dataset_->uri(), "a run over a changed source has not ended",
                "end it first: `pomona run SOURCE OUT`");
  }
  read_own_network("retry");
  extract_photos(source_uri);
}

void Stages::extract_photos(const std::string& source_uri) {
  source_uri_ = source_uri;
  const auto source = open_source(source_uri, settings_.s3);
  JobSettings settings = settings_;
  settings.decode.scaled_size = settings.scaled_decode ? network_->size() : 0;

  if (engine_ != nullptr) {
    plan_ = plan(*source, settings);
    extract_by_engine(settings);
    drop_older_shards();
    return;
  }
  // The network is compiled while the source is listed.
  auto extractor = std::async(std::launch::async, [&] {
    return std::make_unique<FeatureExtractor>(settings.decode, *network_, threads_);
  });
  plan_ = plan(*source, settings);
  const auto extract_start = Clock::now();
  const auto ready = extractor.get();
  extracted_ = pomona::extract(*source, *dataset_, plan_, settings_sha256(), settings.decode.max_bytes,
                               *ready, threads_, console_, stop_);
  drop_older_shards();
  seconds_["extract"] = seconds_since(extract_start);
}

DistributedJob Stages::distributed() {
  return {*engine_, source_uri_, dataset_->uri(), settings_.s3, *dataset_, console_};
}

StageOrder Stages::photo_order(const DecodeSettings& decode) const {
  StageOrder order;
  order.settings_sha256 = settings_sha256();
  order.precision = name(network_->precision());
  order.max_bytes = decode.max_bytes;
  order.max_pixels = decode.max_pixels;
  order.scaled_size = decode.scaled_size;
  order.previous = plan_.previous;
  return order;
}

void Stages::extract_by_engine(const JobSettings& settings) {
  const auto start = Clock::now();
  const auto dimension = static_cast<uint64_t>(network_->dimension());
  engine_->check_memory(task_memory(engine_->threads_per_task(), settings.shard_size, dimension), console_);
  // Workers take the network from the dataset: a file of the user's need not be on their machines.
  extracted_ = distributed().extract(plan_, photo_order(settings.decode), [&] { keep_network(); });
  seconds_["extract"] = seconds_since(start);
}

void Stages::read_own_network(const char* stage) {
  const Precision precision = parse_precision(made_with_["extract"].value("precision", ""));
  try {
    network_ = read_network(*dataset_, dataset::kBundle, precision);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    throw Error(ErrorCode::no_data, stage, dataset_->uri(), "its extract stage has not ended",
                "end it first: `pomona run SOURCE OUT` or `pomona extract SOURCE OUT`");
  }
}

void Stages::resume_extracted() {
  extracted_.records = read_all_records(*dataset_);
  read_own_network("fit");
  made_with_["fit"] = fit_settings(settings_);
}

void Stages::keep_network() { write_network(*dataset_, dataset::kBundle, *network_); }

void Stages::invalidate() {
  dataset_->remove(dataset::kRun);
  dataset_->remove(dataset::kReport);
}

}  // namespace pomona
