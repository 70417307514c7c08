#include "job/pack.h"

#include <algorithm>
#include <bit>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "job/dataset.h"
#include "job/listed_records.h"
#include "job/pack_bucket.h"
#include "job/stages.h"
#include "job/stopped.h"
#include "packed/open_source.h"
#include "packed/pack_manifest.h"

namespace pomona {
namespace {

// Buckets are filled to so much of a tar on average, so that most of them are one tar.
constexpr double kFill = 0.75;

// Removes what an older packing, or a killed one, left: tars and index parts that no record names.
void remove_leftovers(Storage& dest, const PackManifest& manifest) {
  std::set<std::string> ours;
  for (const BucketRecord& record : manifest.records) {
    ours.insert({index_part(record.bucket), bucket_record(record.bucket)});
    for (uint32_t piece = 0; piece < record.tars.size(); ++piece) ours.insert(tar_name(record.bucket, piece));
  }
  std::vector<std::string> leftovers;
  dest.list([&](ObjectInfo&& object) {
    const bool packed = (object.key.starts_with("photos-") && object.key.ends_with(".tar")) ||
                        object.key.starts_with("index/");
    if (packed && !ours.contains(object.key)) leftovers.push_back(std::move(object.key));
  });
  for (const std::string& key : leftovers) dest.remove(key);
}

bool stands(const Storage& dest, const std::string& key, const PackedFile& file) {
  const auto info = dest.stat(key);
  return info && info->size == file.bytes;
}

bool stands(const Storage& dest, const BucketRecord& record) {
  for (uint32_t piece = 0; piece < record.tars.size(); ++piece) {
    if (!stands(dest, tar_name(record.bucket, piece), record.tars[piece])) return false;
  }
  return stands(dest, index_part(record.bucket), record.index);
}

bool may_pass(const BucketRecord& record) {
  return std::ranges::any_of(record.reasons, [](const auto& entry) {
    const auto reason = reason_named(entry.first);
    return reason && can_pass(*reason);
  });
}

class Packing {
 public:
  Packing(const Storage& source, Storage& dest, const PackSettings& settings, Console& console,
          const std::stop_token& stop)
      : source_(source), dest_(dest), settings_(settings), console_(console), stop_(stop), records_(dest) {}

  PackSummary run() {
    list();
    manifest_.buckets = bucket_count();
    Progress progress(console_, "pack   ", photos_);
    BucketPacker packer(source_, dest_, settings_,
                        [&](bool rejected) { progress.advance(1, rejected ? 1 : 0); });
    const uint64_t groups = std::min(ListedRecords::kBuckets, manifest_.buckets);
    std::vector<BucketRecord> done(manifest_.buckets);
    for (uint64_t group = 0; group < groups; ++group) {
      for (auto& [bucket, photos] : buckets_of(group, groups)) {
        throw_if_stopped(stop_, "pack", dest_, "before all photos were packed");
        done[bucket] = one_bucket(bucket, std::move(photos), packer, progress);
      }
    }
    manifest_.records = std::move(done);
    remove_leftovers(dest_, manifest_);
    manifest_.complete = true;
    write_manifest(dest_, manifest_);
    progress.finish();
    return summary();
  }

 private:
  using Photos = std::vector<PackedRow>;

  void list() {
    source_.list(
        [&](ObjectInfo&& object) {
          records_.add(object);
          bytes_ += tar_member_bytes(object.key, object.size > settings_.max_bytes ? 0 : object.size);
          if (++photos_ % 1024 != 0) return;
          throw_if_stopped(stop_, "pack", dest_, "while the photos were being listed");
        },
        &dest_);
    if (photos_ == 0) {
      throw Error(ErrorCode::no_data, "pack", source_.uri(), "there is no photo: no file that is not hidden",
                  "name the folder that holds the photos");
    }
  }

  uint64_t bucket_count() const {
    const double tar = std::max(1.0, kFill * static_cast<double>(settings_.shard_bytes));
    const auto tars = static_cast<uint64_t>(static_cast<double>(bytes_) / tar) + 1;
    return std::bit_ceil(std::min(tars, photos_));
  }

  // The buckets of a group and their photos, both in order. Every bucket is there, also an empty one.
  std::map<uint64_t, Photos> buckets_of(uint64_t group, uint64_t groups) const {
    std::map<uint64_t, Photos> buckets;
    for (uint64_t bucket = group; bucket < manifest_.buckets; bucket += groups) buckets[bucket];
    for (uint64_t from = group; from < ListedRecords::kBuckets; from += groups) {
      records_.for_each(from,
                        [&](uint64_t hash, uint64_t size, std::string_view key, std::string_view version) {
                          PackedRow photo;
                          photo.key = key;
                          photo.size = size;
                          photo.version = version;
                          buckets[hash % manifest_.buckets].push_back(std::move(photo));
                        });
    }
    for (auto& [bucket, photos] : buckets) {
      std::ranges::sort(photos, [](const PackedRow& a, const PackedRow& b) {
        const auto orders = std::pair(pack_order(a.key), pack_order(b.key));
        return orders.first != orders.second ? orders.first < orders.second : a.key < b.key;
      });
    }
    return buckets;
  }

  BucketRecord one_bucket(uint64_t bucket, Photos photos, BucketPacker& packer, Progress& progress) {
    BucketRecord record;
    record.bucket = bucket;
    record.listing_sha256 = listing_sha256(photos);
    const auto before = read_bucket_record(dest_, bucket);
    if (before && before->listing_sha256 == record.listing_sha256 && !may_pass(*before) &&
        stands(dest_, *before)) {
      progress.skip(photos.size(), before->rejects);
      return *before;
    }
    if (written_ == 0) write_manifest(dest_, {false, manifest_.buckets, {}});  // nobody reads a mixture
    written_ += photos.size();
    dest_.remove(bucket_record(bucket));
    return packer.pack(std::move(record), std::move(photos));
  }

  std::string listing_sha256(const Photos& photos) const {
    Sha256 hash;
    const auto add = [&](std::string_view field) { hash.update(field).update(std::string_view("\0", 1)); };
    for (const uint64_t number : {manifest_.buckets, settings_.shard_bytes, settings_.max_bytes}) {
      add(std::to_string(number));
    }
    for (const PackedRow& photo : photos) {
      add(photo.key);
      add(std::to_string(photo.size));
      add(photo.version);
    }
    return hash.hex();
  }

  PackSummary summary() const {
    PackSummary sums;
    for (const BucketRecord& record : manifest_.records) {
      sums.photos += record.photos;
      sums.packed += record.packed;
      sums.rejects += record.rejects;
      for (const auto& [reason, count] : record.reasons) sums.reasons[reason] += count;
      sums.tars += record.tars.size();
      for (const PackedFile& tar : record.tars) sums.bytes += tar.bytes;
    }
    sums.written = written_;
    return sums;
  }

  const Storage& source_;
  Storage& dest_;
  const PackSettings& settings_;
  Console& console_;
  const std::stop_token& stop_;
  ListedRecords records_;
  uint64_t photos_ = 0;
  uint64_t bytes_ = 0;  // of all tars together
  uint64_t written_ = 0;
  PackManifest manifest_;
};

void refuse_dataset(const Storage& dest) {
  if (!dest.stat(dataset::kSettings)) return;
  throw Error(ErrorCode::usage, "pack", dest.uri(), "it holds the results of a run",
              "name another folder for the tars");
}

}  // namespace

PackSummary pack(const std::string& source_uri, const std::string& dest_uri, const PackSettings& settings,
                 Console& console, const std::stop_token& stop) {
  const auto start = std::chrono::steady_clock::now();
  refuse_same_folder(source_uri, dest_uri);
  const auto source = open_source(source_uri, settings.s3);
  const auto dest = open_storage(dest_uri, settings.s3);
  refuse_dataset(*dest);
  const auto lock = dest->lock();
  PackSummary result = Packing(*source, *dest, settings, console, stop).run();
  result.seconds = seconds_since(start);
  return result;
}

}  // namespace pomona
