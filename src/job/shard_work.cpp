#include "job/shard_work.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "job/dataset.h"
#include "table/features.h"
#include "table/listing.h"
#include "table/rejects.h"

namespace pomona {
ShardWork::ShardWork(uint64_t shard, std::vector<PlanRow> photos, size_t dimension, BasicBuffer<float> matrix)
    : shard_(shard),
      photos_(std::move(photos)),
      dimension_(dimension),
      results_(photos_.size()),
      features_(std::move(matrix)),
      remaining_(0) {
  features_.reset(photos_.size() * dimension);
  settle();
}

void ShardWork::settle() {
  pending_.clear();
  for (size_t photo = 0; photo < photos_.size(); ++photo) {
    if (!results_[photo].known) pending_.push_back(photo);
  }
  remaining_ = pending_.size();
}

size_t ShardWork::known_rejects() const {
  return static_cast<size_t>(std::ranges::count_if(
      results_, [](const PhotoResult& result) { return result.known && result.reject.has_value(); }));
}

size_t ShardWork::compact() {
  size_t rows = 0;
  for (size_t photo = 0; photo < photos_.size(); ++photo) {
    if (results_[photo].reject) continue;
    if (rows != photo) std::ranges::copy(features(photo), features(rows).begin());
    ++rows;
  }
  return rows;
}

ShardRecord ShardWork::commit(Storage& dataset, ShardRecord record, std::string& part) {
  std::vector<PhotoRow> rows;
  std::vector<RejectRow> rejects;
  std::vector<ListedRow> listing;
  for (size_t photo = 0; photo < photos_.size(); ++photo) {
    const PlanRow& plan = photos_[photo];
    PhotoResult& result = results_[photo];
    listing.push_back({plan.key, plan.size, plan.version, result.reject.has_value()});
    if (result.reject) {
      const Reject& reject = *result.reject;
      rejects.push_back({to_utf8(plan.key), plan.label, std::string(name(reject.stage)),
                         std::string(name(reject.reason)), to_utf8(reject.detail)});
      ++record.reasons[std::string(name(reject.reason))];
    } else {
      rows.push_back({to_utf8(plan.key), plan.label, result.width, result.height,
                      static_cast<int64_t>(plan.size), std::move(result.sha256)});
    }
  }
  const size_t usable = compact();
  encode_features(rows, features_.span().first(usable * dimension_), dimension_, part);
  const std::string rejected = encode_rejects(rejects);
  const std::string listed = encode_listing(listing);
  record.shard = shard_;
  record.photos = photos_.size();
  record.rows = rows.size();
  record.rejects = rejects.size();
  record.features = {part.size(), sha256_hex(std::string_view(part))};
  record.rejected = {rejected.size(), sha256_hex(std::string_view(rejected))};
  record.listing = {listed.size(), sha256_hex(std::string_view(listed))};
  if (const auto there = read_record(dataset, shard_)) {
    // Another attempt of the same work (a speculative task) was quicker: its record must not go, even for a
    // moment.
    if (*there == record && parts_stand(dataset, record)) return record;
    dataset.remove(dataset::record(shard_));  // an older record must not speak for newer parts
  }
  dataset.write(dataset::features_part(shard_), part);
  dataset.write(dataset::rejects_part(shard_), rejected);
  dataset.write(dataset::listing_part(shard_), listed);
  write_record(dataset, record);
  return record;
}

}  // namespace pomona
