#include "job/manifest.h"

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "job/dataset.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

Error damaged(const Storage& dataset, const std::string& key) {
  return {ErrorCode::corrupt, "dataset", dataset.uri() + "/" + key,
          "it is not the JSON object that it should be", "restore the file, or start anew with --overwrite"};
}

std::optional<Json> read_json(const Storage& dataset, const std::string& key) {
  if (!dataset.stat(key)) return std::nullopt;
  Json json = Json::parse(dataset.read(key), nullptr, false);
  if (!json.is_object()) throw damaged(dataset, key);
  return json;
}

// "previous": counts of shards, each a power of two.
bool are_shard_counts(const Json& settings) {
  const Json previous = settings.value("previous", Json::array());
  return previous.is_array() && std::ranges::all_of(previous, [](const Json& count) {
           return count.is_number_unsigned() && std::has_single_bit(count.get<uint64_t>()) &&
                  count.get<uint64_t>() <= kMostShards;
         });
}

}  // namespace

std::optional<Json> read_settings(const Storage& dataset) {
  const auto settings = read_json(dataset, dataset::kSettings);
  if (settings && !(settings->value("extract", Json()).is_object() &&
                    settings->value("fit", Json::object()).is_object() &&
                    settings->value("shards", Json(0U)).is_number_unsigned() &&
                    settings->value("shards", uint64_t{0}) <= kMostShards &&
                    settings->value("source", Json("")).is_string() && are_shard_counts(*settings))) {
    throw damaged(dataset, dataset::kSettings);
  }
  return settings;
}

void write_settings(Storage& dataset, const Json& settings) {
  dataset.write(dataset::kSettings, settings.dump(2) + "\n");
}

std::optional<Json> read_run(const Storage& dataset) { return read_json(dataset, dataset::kRun); }
void write_run(Storage& dataset, const Json& run) { dataset.write(dataset::kRun, run.dump(2) + "\n"); }

std::vector<ShardRecord> read_all_records(const Storage& dataset) {
  std::vector<ShardRecord> records;
  uint64_t shards = 1;
  for (uint64_t shard = 0; shard < shards; ++shard) {
    auto record = read_record(dataset, shard);
    if (!record || record->shards == 0 || (shard > 0 && record->shards != shards)) {
      throw Error(ErrorCode::no_data, "dataset", dataset.uri(),
                  "shard " + std::to_string(shard) + " has not been extracted",
                  "end the extract stage first: `pomona run SOURCE OUT` or `pomona extract SOURCE OUT`");
    }
    shards = record->shards;
    records.push_back(std::move(*record));
  }
  return records;
}

void remove_shards(Storage& dataset, uint64_t first, uint64_t last) {
  for (uint64_t shard = first; shard < last; ++shard) {
    dataset.remove(dataset::record(shard));
    dataset.remove(dataset::listing_part(shard));
    dataset.remove(dataset::features_part(shard));
    dataset.remove(dataset::rejects_part(shard));
    dataset.remove(dataset::reduced_part(shard));
    dataset.remove(dataset::predictions_part(shard));
    dataset.remove(dataset::augmented_record(shard));
    dataset.remove(dataset::augmented_part(shard));
  }
}

void remove_results(Storage& dataset) {
  dataset.remove(dataset::kRun);
  dataset.remove(dataset::kReport);
  dataset.remove(dataset::kHeldBack);
  for (const char* folder : {"shards/", "features/", "rejects/", "reduced/", "predictions/", "augmented/",
                             dataset::kMoments, "bundle/", dataset::kPrevious}) {
    dataset.remove_below(folder, dataset::is_ours);
  }
}

}  // namespace pomona
