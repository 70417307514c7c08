#include "job/dry_run.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/error.h"
#include "base/hash.h"
#include "job/dataset.h"
#include "job/known_rows.h"
#include "job/manifest.h"
#include "job/plan.h"
#include "job/set_aside.h"
#include "job/stages.h"
#include "packed/open_source.h"
#include "storage/local.h"
#include "table/listing.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

// A folder that goes when the plan is not needed any more.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    path_ = temporary_folder() + "/pomona-plan-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) throw system_error("plan", path_, errno);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The committed photos of a dataset, whatever their plan.
class Committed {
 public:
  Committed(const Storage& dataset, const Plan& plan, const Json& made_with)
      : dataset_(dataset),
        plan_(plan),
        settings_sha256_(sha256_hex(made_with.value("extract", Json()).dump())),
        shard_counts_(made_with.value("previous", std::vector<uint64_t>())) {
    const auto shards = made_with.value("shards", uint64_t{0});
    if (shards > 0 && std::ranges::find(shard_counts_, shards) == shard_counts_.end()) {
      shard_counts_.push_back(shards);
    }
  }

  bool has_just(uint64_t shard) const {
    const auto record = read_record(dataset_, shard);
    return record && is_current(dataset_, plan_, settings_sha256_, shard, *record);
  }

  // By key: those of a shard of the new plan.
  std::multimap<std::string, ListedRow> photos_of(uint64_t shard) const {
    std::multimap<std::string, ListedRow> photos;
    for (const uint64_t shards : shard_counts_) {
      for (const uint64_t old : shards_with_photos_of(shard, plan_.shards.size(), shards)) {
        const std::string key = dataset::record(old);
        for (const std::string& place : {key, dataset::previous(shards, key)}) {
          const auto record = read_record(dataset_, place, old);
          if (record && record->shards == shards) add(*record, shard, photos);
        }
      }
    }
    return photos;
  }

 private:
  void add(const ShardRecord& record, uint64_t shard, std::multimap<std::string, ListedRow>& photos) const {
    const std::string key = dataset::listing_part(record.shard);
    const auto bytes = read_old_part(dataset_, record.shards, key, record.listing);
    if (!bytes || record.settings_sha256 != settings_sha256_) return;
    for (ListedRow& row : decode_listing(*bytes, dataset_.uri() + "/" + key)) {
      if (path_hash(row.key) % plan_.shards.size() != shard) continue;
      std::string path = row.key;
      photos.emplace(std::move(path), std::move(row));
    }
  }

  const Storage& dataset_;
  const Plan& plan_;
  std::string settings_sha256_;
  std::vector<uint64_t> shard_counts_;
};

void compare(const std::vector<PlanRow>& planned, std::multimap<std::string, ListedRow> committed,
             DryRun& result) {
  for (const PlanRow& photo : planned) {
    const auto [first, last] = committed.equal_range(photo.key);
    const bool same = std::any_of(first, last, [&](const auto& entry) {
      return entry.second.size == photo.size && entry.second.version == photo.version;
    });
    ++(same ? result.kept : first != last ? result.changed : result.added);
    committed.erase(first, last);
  }
  for (auto entry = committed.begin(); entry != committed.end();
       entry = committed.upper_bound(entry->first)) {
    ++result.removed;
  }
}

}  // namespace

DryRun dry_run(const std::string& source_uri, const std::string& out, const JobSettings& settings,
               bool fitting, Console& console, const std::stop_token& stop) {
  refuse_same_folder(source_uri, out);
  const auto source = open_source(source_uri, settings.s3);
  const auto dataset = open_storage(out, settings.s3);
  Json made_with = Json::object();
  if (!settings.overwrite) made_with = read_settings(*dataset).value_or(Json::object());
  refuse_other_settings(made_with, settings, Network::load(settings.network), fitting, out);

  const TemporaryFolder folder;
  LocalStorage plans(folder.path());
  const auto list = [&](const Storage::Visitor& visit) { source->list(visit, dataset.get()); };
  const Plan plan = make_plan(list, source->uri(), plans, settings, console, stop);
  const Committed committed(*dataset, plan, made_with);
  DryRun result{.photos = plan.photos, .bytes = plan.bytes, .shards = plan.shards.size(), .dataset = out};
  for (uint64_t shard = 0; shard < plan.shards.size(); ++shard) {
    if (committed.has_just(shard)) {
      result.kept += plan.shards[shard].photos;
    } else {
      compare(read_shard_plan(plans, plan, shard), committed.photos_of(shard), result);
    }
  }
  return result;
}

}  // namespace pomona
