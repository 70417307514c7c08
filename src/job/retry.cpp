#include "job/retry.h"

#include <set>

#include "base/error.h"
#include "base/text.h"
#include "job/dataset.h"
#include "job/known_rows.h"
#include "job/record.h"
#include "table/listing.h"
#include "table/rejects.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

Error not_complete(const Storage& dataset, uint64_t shard) {
  return {
      ErrorCode::no_data, "retry", dataset.uri(),
      "shard " + std::to_string(shard) + " has not been extracted, or its files are not those it was made of",
      "end the run first: `pomona run SOURCE OUT`"};
}

// In its place, or where a killed call has set it aside.
ShardRecord committed_record(const Storage& dataset, uint64_t shards, uint64_t shard) {
  const std::string key = dataset::record(shard);
  for (const std::string& place : {key, dataset::previous(shards, key)}) {
    const auto record = read_record(dataset, place, shard);
    if (record && record->shards == shards) return *record;
  }
  throw not_complete(dataset, shard);
}

std::string part_of(const Storage& dataset, const ShardRecord& record, const std::string& key,
                    const PartRecord& part) {
  auto bytes = read_old_part(dataset, record.shards, key, part);
  if (!bytes) throw not_complete(dataset, record.shard);
  return std::move(*bytes);
}

// The paths, as text, of rejects that are worth another try.
std::set<std::string> to_be_tried(const Storage& dataset, const ShardRecord& record) {
  std::set<std::string> paths;
  if (record.rejects == 0) return paths;
  const std::string key = dataset::rejects_part(record.shard);
  for (RejectRow& row : decode_rejects(part_of(dataset, record, key, record.rejected), key)) {
    const auto reason = reason_named(row.reason);
    if (reason && can_pass(*reason)) paths.insert(std::move(row.path));
  }
  return paths;
}

}  // namespace

Lister committed_photos(const Storage& source, const Storage& dataset, uint64_t shards) {
  return [&source, &dataset, shards](const Storage::Visitor& visit) {
    for (uint64_t shard = 0; shard < shards; ++shard) {
      const ShardRecord record = committed_record(dataset, shards, shard);
      const std::string key = dataset::listing_part(shard);
      const std::set<std::string> wanted = to_be_tried(dataset, record);
      for (ListedRow& row : decode_listing(part_of(dataset, record, key, record.listing), key)) {
        ObjectInfo object{std::move(row.key), row.size, std::move(row.version)};
        if (row.rejected && wanted.contains(to_utf8(object.key))) {
          object = source.stat(object.key).value_or(object);
        }
        visit(std::move(object));
      }
    }
  };
}

JobSettings remembered_settings(const Json& made_with, JobSettings settings) {
  const Json& extract = made_with.at("extract");
  settings.labels = extract.value("labels", settings.labels);
  settings.limit = extract.value("limit", settings.limit);
  settings.shard_size = extract.value("shard-size", settings.shard_size);
  settings.scaled_decode = extract.value("scaled-decode", settings.scaled_decode);
  settings.decode.max_bytes = extract.value("max-bytes", settings.decode.max_bytes);
  settings.decode.max_pixels = extract.value("max-pixels", settings.decode.max_pixels);
  const Json fit = made_with.value("fit", Json::object());
  take_fit_settings(fit, settings);
  settings.unknown = fit.value("unknown", "");
  // What the run meant to train, where it did not come to it.
  const Json train = made_with.value("train", made_with.value("to-train", Json()));
  settings.train = train.is_object();
  if (settings.train) {
    settings.augment = train.value("augment", settings.augment);
    settings.false_rejection = train.value("false-rejection", settings.false_rejection);
    settings.augment_background = train.value("augment-background", settings.augment_background);
    settings.class_weights =
        train.value("class-weights", "") == "none" ? ClassWeights::none : ClassWeights::balanced;
    settings.classifier =
        train.value("classifier", "") == "knn" ? ClassifierKind::knn : ClassifierKind::softmax;
  }
  return settings;
}

}  // namespace pomona
