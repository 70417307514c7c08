#include "job/augment.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/threads.h"
#include "job/dataset.h"
#include "job/fit.h"
#include "storage/read_in_order.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

constexpr int kFormatVersion = 1;

// The record's part, where it speaks of just these views of just these features; of any background where none
// is given.
std::optional<PartRecord> committed(const Storage& dataset, const ShardRecord& record, uint64_t views,
                                    std::optional<bool> background = std::nullopt) {
  const std::string key = dataset::augmented_record(record.shard);
  if (!dataset.stat(key)) return std::nullopt;
  const Json json = Json::parse(dataset.read(key), nullptr, false);
  if (!json.is_object() || json.value("format_version", 0) != kFormatVersion ||
      json.value("views", uint64_t{0}) != views ||
      json.value("features_sha256", "") != record.features.sha256 ||
      json.value("background", false) != background.value_or(json.value("background", false))) {
    return std::nullopt;
  }
  PartRecord part{json.value("bytes", uint64_t{0}), json.value("sha256", "")};
  const auto info = dataset.stat(dataset::augmented_part(record.shard));
  if (!info || info->size != part.bytes) return std::nullopt;
  return part;
}

// The photos of a shard that are to be seen again, with what the listing says of them.
struct Wanted {
  std::vector<PhotoRow> rows;
  std::vector<PlanRow> planned;
};

Wanted wanted_photos(const FeatureTable& table, std::vector<PlanRow> planned, const std::string& unknown) {
  Wanted wanted;
  size_t next = 0;  // both are sorted by key; the table lacks the rejects
  for (PlanRow& photo : planned) {
    if (next == table.rows.size()) break;
    const PhotoRow& row = table.rows[next];
    if (row.path != to_utf8(photo.key)) continue;
    ++next;
    if (row.label.empty() || row.label == unknown) continue;
    wanted.rows.push_back(row);
    wanted.planned.push_back(std::move(photo));
  }
  return wanted;
}

class Augmentation {
 public:
  Augmentation(const Storage& source, Storage& dataset, const AugmentSettings& settings,
               FeatureExtractor& extractor)
      : source_(source), dataset_(dataset), settings_(settings), dimension_(extractor.dimension()) {
    for (size_t i = 0; i < settings.threads; ++i) workers_.push_back(extractor.worker());
    files_ = std::vector<Buffer>(settings.threads);
  }

  void do_shard(const ShardRecord& record, const Wanted& wanted, Progress& progress) {
    const size_t length = settings_.views * dimension_;
    std::vector<float> features(wanted.rows.size() * length);
    std::vector<char> usable(wanted.rows.size(), 0);
    ReadInOrder reads(
        source_, wanted.planned.size(),
        [&](size_t i) {
          const PlanRow& planned = wanted.planned[i];
          return ObjectInfo{planned.key, planned.size, planned.version};
        },
        settings_.max_bytes);
    parallel_for(settings_.threads, wanted.rows.size(), [&](size_t photo, size_t worker) {
      usable[photo] =
          see(reads, wanted, photo, worker, std::span(features).subspan(photo * length, length)) ? 1 : 0;
      progress.advance(1, 0);
    });
    std::vector<ViewRow> rows;
    size_t kept = 0;
    for (size_t photo = 0; photo < wanted.rows.size(); ++photo) {
      if (usable[photo] == 0) continue;
      const auto from = features.begin() + static_cast<std::ptrdiff_t>(photo * length);
      std::copy(from, from + static_cast<std::ptrdiff_t>(length),
                features.begin() + static_cast<std::ptrdiff_t>(kept++ * length));
      for (uint64_t view = 1; view <= settings_.views; ++view) {
        rows.push_back({wanted.rows[photo].path, wanted.rows[photo].label, static_cast<int32_t>(view)});
      }
    }
    commit(record, encode_augmented(rows, std::span(features).first(kept * length), dimension_));
  }

 private:
  bool see(ReadInOrder& reads, const Wanted& wanted, size_t photo, size_t worker, std::span<float> features) {
    if (reads.read(photo, files_[worker])) return false;
    return !workers_[worker].extract_views(files_[worker].span(), wanted.rows[photo].sha256,
                                           settings_.background, features);
  }

  void commit(const ShardRecord& record, const std::string& bytes) {
    // Another attempt of the same task may have been faster: what it has committed stays.
    if (committed(dataset_, record, settings_.views, settings_.background)) return;
    dataset_.remove(dataset::augmented_record(record.shard));
    dataset_.write(dataset::augmented_part(record.shard), bytes);
    const Json json = {{"format_version", kFormatVersion},
                       {"views", settings_.views},
                       {"background", settings_.background},
                       {"features_sha256", record.features.sha256},
                       {"bytes", bytes.size()},
                       {"sha256", sha256_hex(std::string_view(bytes))}};
    dataset_.write(dataset::augmented_record(record.shard), json.dump(2) + "\n");
  }

  const Storage& source_;
  Storage& dataset_;
  const AugmentSettings& settings_;
  size_t dimension_;
  std::vector<FeatureExtractor::Worker> workers_;
  std::vector<Buffer> files_;
};

}  // namespace

bool augmented(const Storage& dataset, const std::vector<ShardRecord>& records, uint64_t views,
               bool background) {
  return std::ranges::all_of(records, [&](const ShardRecord& record) {
    return committed(dataset, record, views, background).has_value();
  });
}

std::vector<ShardRecord> shards_to_augment(Storage& dataset, const std::vector<ShardRecord>& records,
                                           const AugmentSettings& settings) {
  std::vector<ShardRecord> open;
  for (const ShardRecord& record : records) {
    if (committed(dataset, record, settings.views, settings.background)) continue;
    dataset.remove(dataset::augmented_record(record.shard));
    open.push_back(record);
  }
  return open;
}

void augment(const Storage& source, Storage& dataset, const Plan& plan,
             const std::vector<ShardRecord>& records, const AugmentSettings& settings,
             FeatureExtractor& extractor, Console& console, const std::stop_token& stop) {
  uint64_t photos = 0;
  for (const ShardRecord& record : records) photos += record.rows;
  Progress progress(console, "augment", photos);
  Augmentation augmentation(source, dataset, settings, extractor);
  for (const ShardRecord& record : shards_to_augment(dataset, records, settings)) {
    if (stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "augment", dataset.uri(), "stopped before the last shard",
                  "nothing is lost: give the same command again and it goes on from here");
    }
    const Wanted wanted = wanted_photos(read_features(dataset, record),
                                        read_shard_plan(dataset, plan, record.shard), settings.unknown);
    augmentation.do_shard(record, wanted, progress);
  }
  progress.finish();
}

std::optional<AugmentedTable> read_augmented(const Storage& dataset, const ShardRecord& record,
                                             uint64_t views) {
  const auto part = committed(dataset, record, views);
  if (!part) return std::nullopt;
  const std::string key = dataset::augmented_part(record.shard);
  const std::string bytes = dataset.read(key);
  if (sha256_hex(std::string_view(bytes)) != part->sha256) {
    throw Error(
        ErrorCode::corrupt, "dataset", dataset.uri() + "/" + key,
        "its bytes are not those that its record says",
        "remove " + dataset::augmented_record(record.shard) + " and run again: the views are made anew");
  }
  return decode_augmented(bytes, dataset.uri() + "/" + key);
}

}  // namespace pomona
