#include "packed/pack_manifest.h"

#include <bit>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "table/packed.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

constexpr int kFormatVersion = 1;

Json file_json(const PackedFile& file) { return {{"bytes", file.bytes}, {"sha256", file.sha256}}; }
PackedFile file_of(const Json& json) {
  return {json.at("bytes").get<uint64_t>(), json.at("sha256").get<std::string>()};
}

Json record_json(const BucketRecord& record) {
  Json tars = Json::array();
  for (const PackedFile& tar : record.tars) tars.push_back(file_json(tar));
  return {{"bucket", record.bucket},
          {"photos", record.photos},
          {"packed", record.packed},
          {"rejects", record.rejects},
          {"reasons", record.reasons},
          {"listing_sha256", record.listing_sha256},
          {"tars", tars},
          {"index", file_json(record.index)}};
}

BucketRecord record_of(const Json& json) {
  BucketRecord record{json.at("bucket").get<uint64_t>(),
                      json.at("photos").get<uint64_t>(),
                      json.at("packed").get<uint64_t>(),
                      json.at("rejects").get<uint64_t>(),
                      json.at("reasons").get<std::map<std::string, uint64_t>>(),
                      json.at("listing_sha256").get<std::string>(),
                      file_of(json.at("index")),
                      {}};
  for (const Json& tar : json.at("tars")) record.tars.push_back(file_of(tar));
  return record;
}

bool adds_up(const BucketRecord& record, uint64_t bucket) {
  return record.bucket == bucket && record.packed + record.rejects == record.photos;
}

PackManifest manifest_of(const Json& json) {
  PackManifest manifest;
  if (json.at("format") != "pomona-pack" || json.at("format_version") != kFormatVersion) {
    throw Json::other_error::create(501, "another format, or a newer version of it", nullptr);
  }
  manifest.complete = json.at("complete").get<bool>();
  manifest.buckets = json.at("buckets").get<uint64_t>();
  for (const Json& record : json.at("records")) manifest.records.push_back(record_of(record));
  bool fits = std::has_single_bit(manifest.buckets);
  if (manifest.complete) fits = fits && manifest.records.size() == manifest.buckets;
  for (uint64_t bucket = 0; bucket < manifest.records.size(); ++bucket) {
    fits = fits && adds_up(manifest.records[bucket], bucket);
  }
  if (!fits) throw Json::other_error::create(501, "its records do not add up", nullptr);
  return manifest;
}

}  // namespace

std::string index_part(uint64_t bucket) {
  const std::string tar = tar_name(bucket, 0);  // photos-00000.tar
  return "index/part-" + tar.substr(7, tar.size() - 11) + ".parquet";
}

std::string bucket_record(uint64_t bucket) {
  const std::string tar = tar_name(bucket, 0);
  return "index/" + tar.substr(7, tar.size() - 11) + ".json";
}

uint64_t pack_order(std::string_view key) {
  uint64_t bits = path_hash(key);
  uint64_t reversed = 0;
  for (int bit = 0; bit < 64; ++bit, bits >>= 1U) reversed = (reversed << 1U) | (bits & 1U);
  return reversed;
}

void write_bucket_record(Storage& packed, const BucketRecord& record) {
  packed.write(bucket_record(record.bucket), record_json(record).dump(2) + "\n");
}

std::optional<BucketRecord> read_bucket_record(const Storage& packed, uint64_t bucket) {
  const std::string key = bucket_record(bucket);
  if (!packed.stat(key)) return std::nullopt;
  try {
    BucketRecord record = record_of(Json::parse(packed.read(key)));
    return adds_up(record, bucket) ? std::optional(std::move(record)) : std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

void write_manifest(Storage& packed, const PackManifest& manifest) {
  Json records = Json::array();
  uint64_t photos = 0;
  uint64_t rejects = 0;
  for (const BucketRecord& record : manifest.records) {
    records.push_back(record_json(record));
    photos += record.photos;
    rejects += record.rejects;
  }
  const Json json = {{"format", "pomona-pack"},
                     {"format_version", kFormatVersion},
                     {"complete", manifest.complete},
                     {"buckets", manifest.buckets},
                     {"photos", photos},
                     {"rejects", rejects},
                     {"records", records}};
  packed.write(kPackManifest, json.dump(1) + "\n");
}

std::optional<PackManifest> read_manifest(const Storage& packed) {
  if (!packed.stat(kPackManifest)) return std::nullopt;
  try {
    return manifest_of(Json::parse(packed.read(kPackManifest)));
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::corrupt, "packed", packed.uri() + "/" + kPackManifest,
                std::string("it is not the index of a packed dataset: ") + error.what(),
                "pack the photos again: `pomona pack SOURCE " + packed.uri() + "`");
  }
}

}  // namespace pomona
