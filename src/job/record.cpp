#include "job/record.h"

#include <nlohmann/json.hpp>

#include "job/dataset.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

constexpr int kFormatVersion = 1;

Json part_json(const PartRecord& part) { return {{"bytes", part.bytes}, {"sha256", part.sha256}}; }
PartRecord part_of(const Json& json) {
  return {json.at("bytes").get<uint64_t>(), json.at("sha256").get<std::string>()};
}

ShardRecord record_of(const Json& json, uint64_t shard) {
  const Json& files = json.at("files");
  const std::string listing = dataset::listing_part(shard);
  return {json.at("shard").get<uint64_t>(),
          json.at("shards").get<uint64_t>(),
          json.at("photos").get<uint64_t>(),
          json.at("rows").get<uint64_t>(),
          json.at("rejects").get<uint64_t>(),
          json.at("reasons").get<std::map<std::string, uint64_t>>(),
          json.at("listing_sha256").get<std::string>(),
          json.at("settings_sha256").get<std::string>(),
          part_of(files.at(dataset::features_part(shard))),
          part_of(files.at(dataset::rejects_part(shard))),
          files.contains(listing) ? part_of(files.at(listing)) : PartRecord()};
}

bool part_stands(const Storage& dataset, const std::string& key, const PartRecord& part) {
  const auto info = dataset.stat(key);
  return info && info->size == part.bytes;
}

}  // namespace

void write_record(Storage& dataset, const ShardRecord& record) {
  const Json json = {{"format_version", kFormatVersion},
                     {"shard", record.shard},
                     {"shards", record.shards},
                     {"photos", record.photos},
                     {"rows", record.rows},
                     {"rejects", record.rejects},
                     {"reasons", record.reasons},
                     {"listing_sha256", record.listing_sha256},
                     {"settings_sha256", record.settings_sha256},
                     {"files",
                      {{dataset::features_part(record.shard), part_json(record.features)},
                       {dataset::rejects_part(record.shard), part_json(record.rejected)},
                       {dataset::listing_part(record.shard), part_json(record.listing)}}}};
  dataset.write(dataset::record(record.shard), json.dump(2) + "\n");
}

std::optional<ShardRecord> read_record(const Storage& dataset, uint64_t shard) {
  return read_record(dataset, dataset::record(shard), shard);
}

std::optional<ShardRecord> read_record(const Storage& dataset, const std::string& key, uint64_t shard) {
  if (!dataset.stat(key)) return std::nullopt;
  try {
    const Json json = Json::parse(dataset.read(key));
    if (json.at("format_version") != kFormatVersion) return std::nullopt;
    ShardRecord record = record_of(json, shard);
    const bool adds_up = record.shard == shard && record.shards <= kMostShards &&
                         record.rows + record.rejects == record.photos;
    return adds_up ? std::optional(std::move(record)) : std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::vector<std::string> missing_parts(const Storage& dataset, const ShardRecord& record) {
  std::vector<std::string> missing;
  const auto look = [&](const std::string& key, const PartRecord& part) {
    if (!part_stands(dataset, key, part)) missing.push_back(key);
  };
  look(dataset::features_part(record.shard), record.features);
  look(dataset::rejects_part(record.shard), record.rejected);
  if (!record.listing.sha256.empty()) look(dataset::listing_part(record.shard), record.listing);
  return missing;
}

bool parts_stand(const Storage& dataset, const ShardRecord& record) {
  return missing_parts(dataset, record).empty();
}

}  // namespace pomona
