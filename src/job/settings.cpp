#include "job/settings.h"

#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "base/threads.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

Json ranges_json(const std::optional<Ranges>& ranges) {
  if (!ranges) return nullptr;
  Json table = Json::object();
  for (const auto& [tensor, range] : *ranges) table[tensor] = {range.first, range.second};
  return sha256_hex(table.dump());
}

std::string shown(const Json& settings, const std::string& name) {
  if (!settings.contains(name) || settings[name].is_null()) return "the default";
  return settings[name].is_string() ? settings[name].get<std::string>() : settings[name].dump();
}

}  // namespace

Json extract_settings(const JobSettings& settings, const Network& network) {
  return {{"network", to_utf8(network.network_name())},
          {"network-sha256", network.sha256()},
          {"output-layer", network.output_layer()},
          {"mean", network.mean()},
          {"scale", network.scale()},
          {"size", network.size()},
          {"precision", name(network.precision())},
          {"ranges", ranges_json(settings.network.ranges)},
          {"scaled-decode", settings.scaled_decode},
          {"labels", to_utf8(settings.labels)},
          {"shard-size", settings.shard_size},
          {"limit", settings.limit},
          {"max-bytes", settings.decode.max_bytes},
          {"max-pixels", settings.decode.max_pixels}};
}

Json fit_settings(const JobSettings& settings) {
  const Json components = std::visit([](auto value) { return Json(value); }, settings.components);
  Json fit = {{"components", components}, {"whiten", settings.whiten}};
  // Only a model that a classifier is trained on leaves photos out.
  if (settings.train && !settings.unknown.empty()) fit["unknown"] = settings.unknown;
  return fit;
}

Json train_settings(const JobSettings& settings) {
  if (!settings.train) return nullptr;
  const char* weights = settings.class_weights == ClassWeights::balanced ? "balanced" : "none";
  const char* classifier = settings.classifier == ClassifierKind::knn ? "knn" : "softmax";
  return {{"false-rejection", settings.false_rejection},
          {"class-weights", weights},
          {"classifier", classifier},
          {"augment", settings.augment},
          {"augment-background", settings.augment > 0 && settings.augment_background}};
}

void take_fit_settings(const Json& fit, JobSettings& settings) {
  settings.whiten = fit.value("whiten", settings.whiten);
  const Json components = fit.value("components", Json());
  if (components.is_number_unsigned()) settings.components = components.get<uint64_t>();
  if (components.is_number_float()) settings.components = components.get<double>();
}

std::vector<std::string> differences(const Json& there, const Json& now) {
  std::set<std::string> names;
  for (const auto& item : there.items()) names.insert(item.key());
  for (const auto& item : now.items()) names.insert(item.key());
  std::vector<std::string> lines;
  for (const std::string& name : names) {
    const std::string left = shown(there, name);
    const std::string right = shown(now, name);
    if (left != right) lines.push_back("--" + name + ": " + left + " there, " + right + " now");
  }
  return lines;
}

size_t threads_of(const JobSettings& settings) {
  return settings.threads > 0 ? settings.threads : available_threads();
}

}  // namespace pomona
