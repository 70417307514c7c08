#include "job/known_rows.h"

#include <algorithm>
#include <ranges>

#include "base/error.h"
#include "base/hash.h"
#include "job/dataset.h"
#include "table/features.h"
#include "table/rejects.h"

namespace pomona {

std::vector<uint64_t> shards_with_photos_of(uint64_t shard, uint64_t to, uint64_t from) {
  std::vector<uint64_t> found;
  for (uint64_t old = shard % std::min(from, to); old < from; old += std::min(from, to)) {
    found.push_back(old);
  }
  return found;
}

std::optional<std::string> read_old_part(const Storage& dataset, uint64_t shards, const std::string& key,
                                         const PartRecord& part) {
  for (const std::string& place : {key, dataset::previous(shards, key)}) {
    const auto info = dataset.stat(place);
    if (!info || info->size != part.bytes) continue;
    std::string bytes = dataset.read(place);
    if (sha256_hex(std::string_view(bytes)) == part.sha256) return bytes;
  }
  return std::nullopt;
}

std::optional<KnownRows::OldShard> KnownRows::read_old(uint64_t shards, uint64_t shard) const {
  auto record = read_record(dataset_, dataset::previous(shards, dataset::record(shard)), shard);
  if (!record || record->settings_sha256 != settings_sha256_) return std::nullopt;
  const std::string key = dataset::listing_part(shard);
  const auto bytes = read_old_part(dataset_, shards, key, record->listing);
  if (!bytes) return std::nullopt;
  auto listing = decode_listing(*bytes, dataset_.uri() + "/" + key);
  return OldShard{shards, std::move(*record), std::move(listing)};
}

std::vector<KnownRows::Match> KnownRows::matches_of(ShardWork& work, const OldShard& old) {
  std::vector<Match> matches;
  size_t features = 0;
  size_t rejects = 0;
  size_t photo = 0;
  for (const ListedRow& row : old.listing) {  // both are sorted by key
    const size_t place = row.rejected ? rejects++ : features++;
    while (photo < work.photos().size() && work.photos()[photo].key < row.key) ++photo;
    if (photo == work.photos().size()) continue;
    const PlanRow& planned = work.photos()[photo];
    const bool same = planned.key == row.key && planned.size == row.size && planned.version == row.version;
    if (same && !work.result(photo).known) matches.push_back({photo, place, row.rejected});
  }
  if (features != old.record.rows || rejects != old.record.rejects) matches.clear();
  return matches;
}

void KnownRows::copy_features(ShardWork& work, const OldShard& old, const std::vector<Match>& matches) const {
  const std::string key = dataset::features_part(old.record.shard);
  const auto bytes = read_old_part(dataset_, old.shards, key, old.record.features);
  if (!bytes) return;
  FeatureTable table = decode_features(*bytes, dataset_.uri() + "/" + key);
  if (table.rows.size() != old.record.rows || table.dimension != work.dimension()) return;
  for (const Match& match : matches) {
    if (match.rejected) continue;
    PhotoRow& row = table.rows[match.row];
    work.result(match.photo) = {.reject = {},
                                .width = row.width,
                                .height = row.height,
                                .sha256 = std::move(row.sha256),
                                .known = true};
    std::ranges::copy(std::span(table.features).subspan(match.row * table.dimension, table.dimension),
                      work.features(match.photo).begin());
  }
}

void KnownRows::copy_rejects(ShardWork& work, const OldShard& old, const std::vector<Match>& matches) const {
  const std::string key = dataset::rejects_part(old.record.shard);
  const auto bytes = read_old_part(dataset_, old.shards, key, old.record.rejected);
  if (!bytes) return;
  std::vector<RejectRow> rows = decode_rejects(*bytes, dataset_.uri() + "/" + key);
  if (rows.size() != old.record.rejects) return;
  for (const Match& match : matches) {
    if (!match.rejected) continue;
    RejectRow& row = rows[match.row];
    const auto stage = stage_named(row.stage);
    const auto reason = reason_named(row.reason);
    if (!stage || !reason || (plan_.retry && can_pass(*reason))) continue;
    PhotoResult& result = work.result(match.photo);
    result.reject = Reject{*stage, *reason, std::move(row.detail)};
    result.known = true;
  }
}

void KnownRows::fill_from(ShardWork& work, const OldShard& old) const {
  const std::vector<Match> matches = matches_of(work, old);
  if (std::ranges::any_of(matches, [](const Match& match) { return !match.rejected; })) {
    copy_features(work, old, matches);
  }
  if (std::ranges::any_of(matches, &Match::rejected)) copy_rejects(work, old, matches);
}

void KnownRows::fill(ShardWork& work) const {
  for (const uint64_t shards : plan_.previous) {
    for (const uint64_t shard : shards_with_photos_of(work.shard(), plan_.shards.size(), shards)) {
      try {
        if (const auto old = read_old(shards, shard)) fill_from(work, *old);
      } catch (const Error& error) {
        // Of another version of the format, say: the photos are inferred again.
        if (error.code() != ErrorCode::corrupt) throw;
      }
    }
  }
  work.settle();
}

}  // namespace pomona
