#include "job/plan.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "job/dataset.h"
#include "job/labels.h"
#include "job/spill.h"
#include "job/stopped.h"

namespace pomona {
namespace {

constexpr uint64_t kBuckets = 64;              // a power of two: the largest number of plan parts
constexpr size_t kListingMemory = 16'000'000;  // bytes, before the listing goes to disk

// One listed photo between listing and planning: fixed fields, then key and version.
struct Record {
  uint64_t hash;
  uint64_t size;
  uint32_t key_bytes;
  uint32_t version_bytes;
};

void append(SpillBuckets& buckets, const ObjectInfo& object, std::string& scratch) {
  const Record record{path_hash(object.key), object.size, static_cast<uint32_t>(object.key.size()),
                      static_cast<uint32_t>(object.version.size())};
  scratch.assign(reinterpret_cast<const char*>(&record), sizeof record);
  scratch += object.key;
  scratch += object.version;
  buckets.append(record.hash % kBuckets, scratch);
}

template <typename Visit>
void for_each_record(const std::string& records, const Visit& visit) {
  for (size_t at = 0; at < records.size();) {
    Record record{};
    std::memcpy(&record, records.data() + at, sizeof record);
    at += sizeof record;
    const std::string_view key(records.data() + at, record.key_bytes);
    const std::string_view version(records.data() + at + record.key_bytes, record.version_bytes);
    at += record.key_bytes + record.version_bytes;
    visit(record, key, version);
  }
}

uint64_t part_count(uint64_t shards) { return std::min(kBuckets, shards); }

// The folder for what does not fit in memory: beside the result, where there is room for it.
std::string spill_folder(const Storage& dataset) {
  if (const auto folder = dataset.local_folder()) return *folder;
  return std::filesystem::temp_directory_path().string();
}

class Planner {
 public:
  Planner(Storage& dataset, const JobSettings& settings)
      : dataset_(dataset),
        settings_(settings),
        labels_(settings.labels),
        buckets_(kBuckets, kListingMemory, spill_folder(dataset)) {}

  void list(const Storage& source, Console& console, const std::stop_token& stop) {
    std::string scratch;
    source.list(
        [&](ObjectInfo&& object) {
          append(buckets_, object, scratch);
          if (settings_.limit > 0) hashes_.push_back(path_hash(object.key));
          if (++listed_ % 1024 != 0) return;
          throw_if_stopped(stop, "plan", dataset_, "while the photos were being listed");
          if (console.wants_status()) {
            console.status("plan     " + with_commas(listed_) + " photos listed");
          }
        },
        &dataset_);  // a run into a folder of its own source must not read its results
    console.clear_status();
    if (listed_ == 0) {
      throw Error(ErrorCode::no_data, "plan", source.uri(), "there is no photo: no file that is not hidden",
                  "name the folder that holds the photos");
    }
  }

  Plan write() {
    apply_limit();
    Plan plan;
    plan.photos = kept_;
    plan.shards.resize(shard_count(kept_, settings_.shard_size));
    plan.parts = part_count(plan.shards.size());
    for (uint64_t part = 0; part < plan.parts; ++part) write_part(plan, part);
    remove_other_parts(plan.parts);
    return plan;
  }

 private:
  // --limit N keeps the N photos with the smallest hashes: a sample of all folders, and the same one every
  // time.
  void apply_limit() {
    kept_ = listed_;
    if (settings_.limit > 0 && settings_.limit < listed_) {
      const auto last = hashes_.begin() + static_cast<ptrdiff_t>(settings_.limit - 1);
      std::nth_element(hashes_.begin(), last, hashes_.end());
      largest_hash_ = *last;
      kept_ = static_cast<uint64_t>(std::count_if(hashes_.begin(), hashes_.end(),
                                                  [&](uint64_t hash) { return hash <= largest_hash_; }));
    }
    std::vector<uint64_t>().swap(hashes_);
  }

  void write_part(Plan& plan, uint64_t part) {
    std::vector<PlanRow> rows;
    for (uint64_t bucket = part; bucket < kBuckets; bucket += plan.parts) {
      for_each_record(buckets_.take(bucket),
                      [&](const Record& record, std::string_view key, std::string_view version) {
                        if (record.hash > largest_hash_) return;
                        rows.push_back({std::string(key), labels_.of(key), record.size, std::string(version),
                                        record.hash % plan.shards.size()});
                      });
    }
    std::ranges::sort(rows, [](const PlanRow& a, const PlanRow& b) {
      return a.shard != b.shard ? a.shard < b.shard : a.key < b.key;
    });
    summarise(plan, part, rows);
    dataset_.write(dataset::plan_part(part), encode_plan(rows));
  }

  static void summarise(Plan& plan, uint64_t part, const std::vector<PlanRow>& rows) {
    auto row = rows.begin();
    for (uint64_t shard = part; shard < plan.shards.size(); shard += plan.parts) {
      const auto first = row;
      for (; row != rows.end() && row->shard == shard; ++row) plan.bytes += row->size;
      plan.shards[shard] = {static_cast<uint64_t>(row - first), pomona::listing_sha256({first, row})};
    }
  }

  void remove_other_parts(uint64_t parts) {
    for (uint64_t part = parts; part < kBuckets; ++part) dataset_.remove(dataset::plan_part(part));
  }

  Storage& dataset_;
  const JobSettings& settings_;
  Labels labels_;
  SpillBuckets buckets_;
  uint64_t listed_ = 0;
  std::vector<uint64_t> hashes_;  // only for a limit
  uint64_t largest_hash_ = ~uint64_t{0};
  uint64_t kept_ = 0;
};

}  // namespace

uint64_t shard_count(uint64_t photos, uint64_t shard_size) {
  return std::bit_ceil(std::max<uint64_t>(1, (photos + shard_size - 1) / shard_size));
}

Plan make_plan(const Storage& source, Storage& dataset, const JobSettings& settings, Console& console,
               const std::stop_token& stop) {
  Planner planner(dataset, settings);
  planner.list(source, console, stop);
  return planner.write();
}

std::string listing_sha256(std::span<const PlanRow> photos) {
  Sha256 listing;
  for (const PlanRow& photo : photos) {
    const std::string size = std::to_string(photo.size);
    for (const std::string_view field : {std::string_view(photo.key), std::string_view(size),
                                         std::string_view(photo.version), std::string_view(photo.label)}) {
      listing.update(field).update(std::string_view("\0", 1));
    }
  }
  return listing.hex();
}

Plan read_plan(const Storage& dataset, uint64_t shards, std::span<const uint64_t> wanted) {
  Plan plan;
  plan.shards.resize(shards, {1, {}});
  plan.parts = part_count(shards);
  for (const uint64_t shard : wanted) {
    const std::vector<PlanRow> photos = read_shard_plan(dataset, plan, shard);
    plan.shards[shard] = {photos.size(), listing_sha256(photos)};
    plan.photos += photos.size();
    for (const PlanRow& photo : photos) plan.bytes += photo.size;
  }
  return plan;
}

std::vector<PlanRow> read_shard_plan(const Storage& dataset, const Plan& plan, uint64_t shard) {
  if (plan.shards.at(shard).photos == 0) return {};
  const std::string key = dataset::plan_part(shard % plan.parts);
  return decode_plan(dataset.read(key), dataset.uri() + "/" + key, shard);
}

}  // namespace pomona
