#include "report/facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/text.h"

namespace pomona::report {
namespace {

using Json = nlohmann::json;

// Settings that say which network it is stand under "network".
constexpr std::array<std::string_view, 7> kNetworkSettings = {
    "network", "size", "precision", "output-layer", "mean", "scale", "network-sha256"};
// Steps of the extract stage, timed in each thread; the others are timed by the clock.
constexpr std::array<std::string_view, 5> kSteps = {"read", "decode", "resize", "infer", "write"};
constexpr std::array<std::string_view, 6> kStages = {"fit",   "reduce",  "augment",
                                                     "train", "predict", "evaluate"};

constexpr uint64_t kWithCommas = 10'000;

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned() && value.get<uint64_t>() >= kWithCommas) return with_commas(value);
  if (value.is_number_float() && value.get<double>() == std::floor(value.get<double>())) {
    return std::to_string(value.get<int64_t>());
  }
  if (!value.is_array()) return value.dump();
  std::string text;
  for (const Json& each : value) text += (text.empty() ? "" : ", ") + text_of(each);
  return text;
}

void add(Json& list, std::string_view name, const Json& value) {
  if (!value.is_null()) list.push_back({{"name", name}, {"value", text_of(value)}});
}

Json network_json(const Json& run, const Json& settings) {
  Json list = Json::array();
  for (const std::string_view name : kNetworkSettings) {
    if (settings.contains(name) && name != "network-sha256") add(list, name, settings.at(std::string(name)));
  }
  if (run.contains("dimension")) add(list, "features", run["dimension"]);
  if (settings.contains("network-sha256")) {
    add(list, "sha256", settings["network-sha256"].get<std::string>().substr(0, 12));
  }
  return list;
}

Json settings_json(const Json& settings) {
  Json list = Json::array();
  for (const auto& [stage, values] : settings.items()) {
    for (const auto& [name, value] : values.items()) {
      const bool network = std::ranges::find(kNetworkSettings, name) != kNetworkSettings.end();
      if (!network) add(list, name, value);
    }
  }
  return list;
}

Json versions_json(const Json& run) {
  Json list = Json::array();
  add(list, "pomona", run.value("pomona_version", Json()));
  add(list, "dataset format", run.value("format_version", Json()));
  add(list, "bundle format", kBundleFormatVersion);
  const Json versions = run.value("versions", Json::object());
  for (const auto& [name, value] : versions.items()) add(list, name, value);
  return list;
}

}  // namespace

Json counts_json(const Json& run) {
  return {{"listed", run.value("photos", 0)},
          {"rows", run.value("rows", 0)},
          {"rejects", run.value("rejects", 0)}};
}

Json done_json(const Json& run) {
  const Json settings = run.value("settings", Json::object());
  const Json clock = run.value("seconds", Json::object());
  const Json steps = run.value("thread_seconds", Json::object());
  Json stages = Json::array();
  const auto stage = [&](std::string_view name, double seconds) {
    stages.push_back({{"name", name}, {"seconds", seconds}});
  };
  if (clock.contains("plan")) stage("list", clock["plan"].get<double>());
  std::string limit;
  double longest = 0;
  for (const std::string_view name : kSteps) {
    if (!steps.contains(name) || run.value("extracted", 0) == 0) continue;
    const auto seconds = steps[std::string(name)].get<double>();
    stage(name, seconds);
    if (seconds > longest) {
      longest = seconds;
      limit = name;
    }
  }
  for (const std::string_view name : kStages) {
    if (clock.contains(name)) stage(name, clock[std::string(name)].get<double>());
  }
  double total = 0;
  for (const auto& [name, seconds] : clock.items()) total += seconds.get<double>();
  const double extract = clock.value("extract", clock.value("evaluate", 0.0));
  const double rate = extract > 0 ? run.value("extracted", 0.0) / extract : 0;
  return {{"network", network_json(run, settings.value("extract", Json::object()))},
          {"settings", settings_json(settings)},
          {"versions", versions_json(run)},
          {"stages", stages},
          {"seconds", total},
          {"photos_per_second", rate},
          {"limit", limit}};
}

Json scree_json(const Json& run, const Pca& pca) {
  const std::vector<double>& ratio = pca.spectrum;
  std::vector<double> cumulative;
  cumulative.reserve(ratio.size());
  double sum = 0;
  for (const double share : ratio) cumulative.push_back(sum += share);
  const Json fit = run.value("settings", Json::object()).value("fit", Json::object());
  const Json asked = fit.value("components", Json());
  const bool by_variance = asked.is_number_float();
  return {{"ratio", ratio},
          {"cumulative", cumulative},
          {"chosen", pca.k()},
          {"rule", by_variance       ? "variance"
                   : asked.is_null() ? "bundle"
                                     : "count"},
          {"target", by_variance ? asked : Json()}};
}

}  // namespace pomona::report
