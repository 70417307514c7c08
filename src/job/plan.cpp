#include "job/plan.h"

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "job/dataset.h"
#include "job/labels.h"
#include "job/listed_records.h"
#include "job/stopped.h"

namespace pomona {
namespace {

constexpr uint64_t kBuckets = ListedRecords::kBuckets;  // the largest number of plan parts

uint64_t part_count(uint64_t shards) { return std::min(kBuckets, shards); }

class Planner {
 public:
  Planner(Storage& dataset, const JobSettings& settings)
      : dataset_(dataset), settings_(settings), labels_(settings.labels), records_(dataset) {}

  void list(const Lister& list, const std::string& uri, Console& console, const std::stop_token& stop) {
    list([&](ObjectInfo&& object) {
      const uint64_t hash = records_.add(object);
      if (settings_.limit > 0) hashes_.push_back(hash);
      if (++listed_ % 1024 != 0) return;
      throw_if_stopped(stop, "plan", dataset_, "while the photos were being listed");
      if (console.wants_status()) {
        console.status("plan     " + counted(listed_, "photo") + " listed");
      }
    });
    console.clear_status();
    if (listed_ == 0) {
      throw Error(ErrorCode::no_data, "plan", uri, "there is no photo: no file that is not hidden",
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
      records_.for_each(
          bucket, [&](uint64_t hash, uint64_t size, std::string_view key, std::string_view version) {
            if (hash > largest_hash_) return;
            rows.push_back(
                {std::string(key), labels_.of(key), size, std::string(version), hash % plan.shards.size()});
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
  ListedRecords records_;
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
  // A run into a folder of its own source must not read its results.
  return make_plan([&](const Storage::Visitor& visit) { source.list(visit, &dataset); }, source.uri(),
                   dataset, settings, console, stop);
}

Plan make_plan(const Lister& list, const std::string& uri, Storage& dataset, const JobSettings& settings,
               Console& console, const std::stop_token& stop) {
  Planner planner(dataset, settings);
  planner.list(list, uri, console, stop);
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
