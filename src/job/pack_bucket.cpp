#include "job/pack_bucket.h"

#include <algorithm>

#include "base/hash.h"
#include "base/threads.h"

namespace pomona {
namespace {

constexpr size_t kBatchPhotos = 64;
constexpr uint64_t kBatchBytes = 32'000'000;

PackedFile written(Storage& dest, const std::string& key, const std::string& bytes) {
  dest.write(key, std::string_view(bytes));
  return {bytes.size(), sha256_hex(std::string_view(bytes))};
}

// Which tar of its bucket each photo goes to: by what was listed, so that a photo that cannot be read moves
// no other.
void assign_pieces(std::vector<PackedRow>& photos, const PackSettings& settings) {
  uint64_t used = kTarEnd;
  uint32_t piece = 0;
  for (PackedRow& photo : photos) {
    const uint64_t bytes = photo.size > settings.max_bytes ? 0 : tar_member_bytes(photo.key, photo.size);
    if (used > kTarEnd && used + bytes > settings.shard_bytes) {
      ++piece;
      used = kTarEnd;
    }
    photo.piece = piece;
    used += bytes;
  }
}

// Of the bucket's largest tar, or a little more.
uint64_t expected_bytes(const std::vector<PackedRow>& photos, const PackSettings& settings) {
  uint64_t bytes = kTarEnd;
  for (const PackedRow& photo : photos) {
    if (photo.size <= settings.max_bytes) bytes += tar_member_bytes(photo.key, photo.size);
  }
  return std::min(bytes, settings.shard_bytes);
}

}  // namespace

BucketPacker::BucketPacker(const Storage& source, Storage& dest, const PackSettings& settings,
                           std::function<void(bool)> advance)
    : source_(source), dest_(dest), settings_(settings), advance_(std::move(advance)), slots_(kBatchPhotos) {}

size_t BucketPacker::batch(const std::vector<PackedRow>& photos, size_t first) const {
  uint64_t bytes = 0;
  size_t count = 0;
  while (first + count < photos.size() && count < kBatchPhotos && (count == 0 || bytes < kBatchBytes)) {
    bytes += std::min(photos[first + count].size, settings_.max_bytes);
    ++count;
  }
  return count;
}

void BucketPacker::read(const std::vector<PackedRow>& photos, size_t first, size_t count) {
  parallel_for(settings_.threads, count, [&](size_t index, size_t) {
    const PackedRow& photo = photos[first + index];
    Slot& slot = slots_[index];
    slot.bytes.reset(0);
    slot.reject =
        source_.read_listed({photo.key, photo.size, photo.version}, settings_.max_bytes, slot.bytes);
    // A file without a byte is packed as it is: a run over the packed photos says of it what it should.
    if (slot.reject && slot.reject->reason == Reason::empty) slot.reject.reset();
  });
}

void BucketPacker::append(PackedRow& photo, Slot& slot, BucketRecord& record) {
  if (slot.reject) {
    photo.reason = name(slot.reject->reason);
    photo.detail = slot.reject->detail;
    ++record.reasons[photo.reason];
    ++record.rejects;
  } else {
    // A tar for each piece, also where none of its photos could be read: then the bucket keeps its numbers.
    while (record.tars.size() < photo.piece) write_tar(record);
    photo.offset = tar_.append(photo.key, slot.bytes.span());
    photo.sha256 = sha256_hex(slot.bytes.span());
    ++record.packed;
  }
  slot.bytes.shrink_above(kBatchBytes / kBatchPhotos);
  advance_(slot.reject.has_value());
}

void BucketPacker::write_tar(BucketRecord& record) {
  const auto piece = static_cast<uint32_t>(record.tars.size());
  record.tars.push_back(written(dest_, tar_name(record.bucket, piece), tar_.finish()));
}

BucketRecord BucketPacker::pack(BucketRecord record, std::vector<PackedRow> photos) {
  assign_pieces(photos, settings_);
  record.photos = photos.size();
  tar_.reserve(expected_bytes(photos, settings_));
  for (size_t first = 0; first < photos.size();) {
    const size_t count = batch(photos, first);
    read(photos, first, count);
    for (size_t index = 0; index < count; ++index) append(photos[first + index], slots_[index], record);
    first += count;
  }
  if (tar_.size() > 0 || record.tars.empty()) write_tar(record);
  record.index = written(dest_, index_part(record.bucket), encode_packed(photos, record.bucket));
  write_bucket_record(dest_, record);
  return record;
}

}  // namespace pomona
