// pomona info: what a dataset or a bundle holds.
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "bundle/bundle.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "job/dataset.h"
#include "job/manifest.h"

namespace pomona::cli {
namespace {

using Json = nlohmann::json;

Json describe_bundle(const Storage& storage, const std::string& prefix) {
  const Bundle bundle = load_bundle(storage, prefix);
  double kept = 0;
  for (const double ratio : bundle.pca.explained_variance_ratio) kept += ratio;
  return {{"kind", "bundle"},
          {"path", to_utf8(storage.uri() + (prefix.empty() ? "" : "/" + prefix))},
          {"format_version", kBundleFormatVersion},
          {"network", bundle.network.network_name()},
          {"precision", name(bundle.network.precision())},
          {"size", bundle.network.size()},
          {"dimension", bundle.network.dimension()},
          {"output_layer", bundle.network.output_layer()},
          {"components", bundle.pca.k()},
          {"explained_variance_ratio", kept},
          {"whiten", bundle.pca.whiten},
          {"classes", bundle.classes},
          {"photos", bundle.provenance.photos},
          {"rows", bundle.provenance.rows},
          {"rejects", bundle.provenance.rejects}};
}

// What records, run.json and bundle name and is not there, or not of its size: bytes are looked at when they
// are read. Of the bundle, all is looked at.
Json missing_objects(const Storage& storage, const Json& settings, const std::optional<Json>& run) {
  Json missing = Json::array();
  const uint64_t shards = settings.value("shards", uint64_t{0});
  for (uint64_t shard = 0; shard < shards; ++shard) {
    const auto record = read_record(storage, shard);
    if (!record) {
      missing.push_back(dataset::record(shard));
      continue;
    }
    for (const std::string& key : missing_parts(storage, *record)) missing.push_back(key);
  }
  if (!run) return missing;
  const auto look = [&](const char* name, std::string (*key)(uint64_t)) {
    uint64_t shard = 0;
    for (const Json& part : run->value(name, Json::array())) {
      const auto found = storage.stat(key(shard));
      if (!found || found->size != part.value("bytes", uint64_t{0})) missing.push_back(key(shard));
      ++shard;
    }
  };
  look("reduced", dataset::reduced_part);
  look("predictions", dataset::predictions_part);
  try {
    static_cast<void>(load_bundle(storage, dataset::kBundle));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt && error.code() != ErrorCode::not_found) throw;
    missing.push_back(std::string(dataset::kBundle) + ": " + error.what());
  }
  return missing;
}

Json describe_dataset(const Storage& storage) {
  const Json settings = *read_settings(storage);
  const auto run = read_run(storage);
  const Json missing = missing_objects(storage, settings, run);
  Json info = {{"kind", "dataset"},
               {"path", to_utf8(storage.uri())},
               {"complete", run.has_value() && missing.empty()},
               {"missing", missing}};
  uint64_t committed = 0;
  uint64_t photos = 0;
  uint64_t rows = 0;
  uint64_t rejects = 0;
  std::map<std::string, uint64_t> reasons;
  const uint64_t shards = settings.value("shards", uint64_t{0});
  for (uint64_t shard = 0; shard < shards; ++shard) {
    const auto record = read_record(storage, shard);
    if (!record) continue;
    ++committed;
    photos += record->photos;
    rows += record->rows;
    rejects += record->rejects;
    for (const auto& [reason, count] : record->reasons) reasons[reason] += count;
  }
  info.update({{"shards", shards},
               {"committed_shards", committed},
               {"photos", photos},
               {"rows", rows},
               {"rejects", rejects},
               {"reasons", reasons},
               {"settings", settings}});
  if (run) {
    info["labels"] = run->value("labels", Json::object());
    info["components"] = run->value("components", 0);
    info["explained_variance_ratio"] = run->value("explained_variance_ratio", 0.0);
  }
  return info;
}

// A leaf as a line; folders as indented blocks.
void print(const Json& json, const std::string& indent = "") {
  for (const auto& [key, value] : json.items()) {
    if (value.is_object() && !value.empty()) {
      std::cout << indent << key << ":\n";
      print(value, indent + "  ");
    } else if (value.is_string()) {
      std::cout << indent << key << ": " << value.get<std::string>() << "\n";
    } else if (value.is_array() && value.size() > 12) {
      std::cout << indent << key << ": " << value.size() << " (--json lists them)\n";
    } else {
      std::cout << indent << key << ": " << value.dump() << "\n";
    }
  }
}

}  // namespace

void add_info(CLI::App& program, Context& context) {
  auto path = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  auto s3 = std::make_shared<S3Flags>();
  CLI::App* command =
      program.add_subcommand("info", "What a dataset or a bundle holds, and whether it is whole");
  command->add_option("PATH", *path, "folder of a run, or of a bundle")->required();
  command->add_flag("--json", *json, "as one JSON object");
  add_s3_flags(*command, *s3);
  command->callback([path, json, s3, &context] {
    context.json = *json;
    context.action = [path, json, s3] {
      const auto storage = open_storage(*path, s3->options());
      Json info;
      if (storage->stat("bundle.json")) {
        info = describe_bundle(*storage, "");
      } else if (storage->stat(dataset::kSettings)) {
        info = describe_dataset(*storage);
      } else {
        throw Error(ErrorCode::not_found, "info", *path, "there is neither a dataset nor a bundle here",
                    "name the OUT folder of a `pomona run`, or its bundle folder");
      }
      if (*json) {
        std::cout << info.dump() << std::endl;
      } else {
        print(info);
      }
    };
  });
}

}  // namespace pomona::cli
