#include "job/compare.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "classify/select.h"
#include "job/dataset.h"
#include "job/fit.h"
#include "job/manifest.h"
#include "job/run.h"
#include "job/stages.h"
#include "job/training_set.h"
#include "packed/open_source.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

constexpr const char* kResult = "compare.json";

// The settings of the dataset, but for the network's.
JobSettings settings_of(const Json& made_with, size_t threads) {
  JobSettings settings;
  const Json& extract = made_with.at("extract");
  settings.scaled_decode = extract.value("scaled-decode", settings.scaled_decode);
  settings.labels = extract.value("labels", settings.labels);
  settings.shard_size = extract.value("shard-size", settings.shard_size);
  settings.limit = extract.value("limit", settings.limit);
  settings.decode.max_bytes = extract.value("max-bytes", settings.decode.max_bytes);
  settings.decode.max_pixels = extract.value("max-pixels", settings.decode.max_pixels);
  const Json fit = made_with.value("fit", Json::object());
  take_fit_settings(fit, settings);
  settings.unknown = fit.value("unknown", settings.unknown);
  settings.train = true;
  settings.threads = threads;
  return settings;
}

using Groups = std::unordered_map<uint64_t, uint64_t>;  // by the photo's key

struct Judged {
  std::vector<uint64_t> keys;  // of the photos held back, ascending
  std::vector<char> right;
  double log_loss = 0;
};

TrainingSet collect(const Storage& dataset, const std::string& unknown, size_t threads, Console& console) {
  return collect_training_set(dataset, read_all_records(dataset), load_bundle(dataset, dataset::kBundle),
                              {.unknown = unknown, .threads = threads}, console);
}

Groups groups_of(const TrainingSet& set) {
  Groups groups;
  for (size_t row = 0; row < set.keys.size(); ++row) groups[set.keys[row]] = set.groups[row];
  return groups;
}

Judged judge(const TrainingSet& set, const Groups& reference, size_t threads) {
  std::vector<uint64_t> groups;
  groups.reserve(set.keys.size());
  for (const uint64_t key : set.keys) {
    const auto found = reference.find(key);
    groups.push_back(found == reference.end() ? key : found->second);
  }
  SelectionOptions options;
  options.class_weights = ClassWeights::balanced;
  options.threads = threads;
  const size_t classes = 1 + *std::ranges::max_element(set.labels);
  const Selection selection = select_strength(*set.reduced, set.labels, classes, groups, set.keys, options);
  std::vector<size_t> order(selection.rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return set.keys[selection.rows[i]]; });
  Judged judged{{}, {}, selection.best.log_loss};
  for (const size_t i : order) {
    const auto logits = std::span(selection.logits).subspan(i * classes, classes);
    const auto predicted = std::ranges::max_element(logits) - logits.begin();
    judged.keys.push_back(set.keys[selection.rows[i]]);
    judged.right.push_back(static_cast<uint32_t>(predicted) == selection.labels[i] ? 1 : 0);
  }
  return judged;
}

// Its features belong to this source and these settings, whatever stood there before.
class Trial {
 public:
  Trial(const std::string& out, JobSettings settings, const Groups& reference, Console& console,
        const std::stop_token& stop)
      : settings_(std::move(settings)), reference_(reference), console_(console), stop_(stop) {
    const Network network = Network::load(settings_.network);
    compared_.network = network.network_name();
    compared_.size = network.size();
    compared_.precision = network.precision();
    compared_.dataset = out + "/compare/" + std::filesystem::path(network.network_name()).stem().string() +
                        "-" + std::to_string(network.size()) + "-" + name(network.precision());
  }

  void work(const std::string& source) {
    console_.info("compare  " + to_utf8(compared_.dataset));
    extract(source);
    run_fit(compared_.dataset, settings_, console_, stop_);
    const auto dataset = open_storage(compared_.dataset, settings_.s3);
    if (!read_result(*dataset)) {
      judged_ = judge(collect(*dataset, settings_.unknown, settings_.threads, console_), reference_,
                      settings_.threads);
      compared_.log_loss = judged_.log_loss;
      compared_.speed = measure_speed(*open_source(source, settings_.s3), *dataset,
                                      load_bundle(*dataset, dataset::kBundle), settings_.threads);
      write_result(*dataset);
    }
    const auto right = static_cast<uint64_t>(std::ranges::count(judged_.right, 1));
    compared_.accuracy = static_cast<double>(right) / static_cast<double>(judged_.right.size());
    compared_.interval = wilson_interval(right, judged_.right.size());
  }

  const Judged& judged() const { return judged_; }
  Compared take() { return std::move(compared_); }

 private:
  // Whatever other settings made the features that are there: they go.
  void extract(const std::string& source) {
    try {
      run_extract(source, compared_.dataset, settings_, console_, stop_);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::mismatch) throw;
      settings_.overwrite = true;
      run_extract(source, compared_.dataset, settings_, console_, stop_);
      settings_.overwrite = false;
    }
  }

  // What an earlier result must agree in to be taken for this one.
  Json basis(const Storage& dataset) const {
    std::vector<std::pair<uint64_t, uint64_t>> sorted(reference_.begin(), reference_.end());
    std::ranges::sort(sorted);
    Sha256 groups;
    for (const auto& [key, group] : sorted)
      groups.update(std::to_string(key) + " " + std::to_string(group) + "\n");
    const Json settings = read_settings(dataset)->value("fit", Json());
    return {{"features_sha256", features_sha256(read_all_records(dataset))},
            {"groups_sha256", groups.hex()},
            {"fit", settings},
            {"threads", settings_.threads}};
  }

  bool read_result(const Storage& dataset) try {
    if (!dataset.stat(kResult)) return false;
    const Json json = Json::parse(dataset.read(kResult));
    if (json.at("basis") != basis(dataset)) return false;
    judged_.keys = json.at("keys").get<std::vector<uint64_t>>();
    for (const char digit : json.at("right").get<std::string>())
      judged_.right.push_back(digit == '1' ? 1 : 0);
    if (judged_.keys.empty() || judged_.keys.size() != judged_.right.size()) return false;
    compared_.log_loss = json.at("log_loss").get<double>();
    compared_.speed = {json.at("timed_photos").get<uint64_t>(), settings_.threads,
                       json.at("photos_per_second").get<double>()};
    return true;
  } catch (const Json::exception&) {
    return false;  // not ours, or half of it: it is written anew
  }

  void write_result(Storage& dataset) const {
    std::string right;
    for (const char one : judged_.right) right += one == 1 ? '1' : '0';
    const Json json = {{"basis", basis(dataset)},
                       {"keys", judged_.keys},
                       {"right", right},
                       {"log_loss", compared_.log_loss},
                       {"timed_photos", compared_.speed.photos},
                       {"photos_per_second", compared_.speed.photos_per_second}};
    dataset.write(kResult, json.dump() + "\n");
  }

  JobSettings settings_;
  const Groups& reference_;
  Console& console_;
  const std::stop_token& stop_;
  Compared compared_;
  Judged judged_;
};

// Where one network could not judge a photo, it counts as wrong there.
Contender contender_of(const Judged& judged, const std::vector<uint64_t>& keys, double photos_per_second) {
  Contender contender{std::vector<char>(keys.size(), 0), photos_per_second};
  for (size_t photo = 0; photo < keys.size(); ++photo) {
    const auto found = std::ranges::lower_bound(judged.keys, keys[photo]);
    if (found == judged.keys.end() || *found != keys[photo]) continue;
    contender.right[photo] = judged.right[static_cast<size_t>(found - judged.keys.begin())];
  }
  return contender;
}

std::vector<uint64_t> all_keys(const std::vector<Judged>& judged) {
  std::vector<uint64_t> keys;
  for (const Judged& one : judged) keys.insert(keys.end(), one.keys.begin(), one.keys.end());
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  return keys;
}

void rank_candidates(const std::vector<Judged>& judged, const Groups& reference, double price_per_hour,
                     Comparison& comparison) {
  const auto keys = all_keys(judged);
  std::vector<uint64_t> groups;
  groups.reserve(keys.size());
  for (const uint64_t key : keys) groups.push_back(reference.contains(key) ? reference.at(key) : key);
  std::vector<Contender> contenders;
  contenders.reserve(judged.size());
  for (size_t i = 0; i < judged.size(); ++i) {
    contenders.push_back(contender_of(judged[i], keys, comparison.candidates[i].speed.photos_per_second));
  }
  const Ranking ranking = rank(contenders, groups);
  for (size_t i = 0; i < judged.size(); ++i) {
    Compared& candidate = comparison.candidates[i];
    candidate.loss = ranking.losses[i];
    candidate.dominated = ranking.dominated[i];
    candidate.photos_per_unit = 3600 * candidate.speed.photos_per_second / price_per_hour;
  }
  comparison.best = ranking.best;
  comparison.recommended = ranking.recommended;
  comparison.photos = keys.size();
  std::ranges::sort(groups);
  groups.erase(std::ranges::unique(groups).begin(), groups.end());
  comparison.groups = groups.size();
}

}  // namespace

Comparison compare(const std::string& out, const CompareSettings& settings, Console& console,
                   const std::stop_token& stop) {
  require_dataset(out, settings.s3);
  const auto dataset = open_storage(out, settings.s3);
  const Json made_with = *read_settings(*dataset);
  if (!dataset->stat("bundle/bundle.json")) {
    throw Error(ErrorCode::no_data, "compare", out, "it has not been fitted",
                "end the run first: `pomona run SOURCE OUT`");
  }
  JobSettings common = settings_of(made_with, settings.threads);
  common.s3 = settings.s3;
  const Groups reference = groups_of(collect(*dataset, common.unknown, settings.threads, console));
  Comparison comparison;
  std::vector<Judged> judged;
  for (const std::string& network : settings.networks) {
    for (const int size : settings.sizes) {
      for (const Precision precision : settings.precisions) {
        JobSettings own = common;
        own.network.network = network;
        own.network.size = size;
        own.network.precision = precision;
        Trial trial(out, own, reference, console, stop);
        trial.work(made_with.value("source", ""));
        judged.push_back(trial.judged());
        comparison.candidates.push_back(trial.take());
      }
    }
  }
  if (judged.empty()) throw Error(ErrorCode::usage, "compare", out, "no network is named", "give --networks");
  rank_candidates(judged, reference, settings.price_per_hour, comparison);
  return comparison;
}

}  // namespace pomona
