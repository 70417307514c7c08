#include "packed/packed_storage.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

namespace pomona {
namespace {

constexpr size_t kRowsInMemory = 200'000;  // of the index, about 40 MB
constexpr size_t kOpenTars = 64;
constexpr uint64_t kTarBlock = 512;

Error corrupt(const Storage& store, const std::string& key, const std::string& what) {
  return {ErrorCode::corrupt, "packed", store.uri() + "/" + key, what,
          "restore the file, or pack the photos again: `pomona pack SOURCE " + store.uri() + "`"};
}

Reject changed(std::string detail) { return {Stage::read, Reason::changed, std::move(detail)}; }

Error read_only(const Storage& store, const std::string& key) {
  return {ErrorCode::usage, "packed", store.uri() + (key.empty() ? "" : "/" + key),
          "a packed dataset is written by `pomona pack` alone", "name another folder"};
}

// The value of an entry, which becomes the latest.
template <typename Key, typename Value>
std::shared_ptr<Value> latest(std::list<std::pair<Key, std::shared_ptr<Value>>>& entries, const Key& key) {
  const auto found = std::ranges::find(entries, key, [](const auto& entry) { return entry.first; });
  if (found == entries.end()) return nullptr;
  entries.splice(entries.begin(), entries, found);
  return entries.front().second;
}

MaybeReject check_bytes(const Buffer& bytes, const std::string& sha256) {
  if (sha256_hex(bytes.span()) == sha256) return std::nullopt;
  return changed("Its bytes are not those that were packed.");
}

// A photo out of a tar, held to its hash.
class CheckedRead final : public PendingRead {
 public:
  CheckedRead(std::unique_ptr<PendingRead> read, std::shared_ptr<const PackedRow> row)
      : read_(std::move(read)), row_(std::move(row)) {}
  bool is_ready() const override { return read_->is_ready(); }
  MaybeReject finish(Buffer& out) override {
    if (auto failed = read_->finish(out)) return failed;
    return check_bytes(out, row_->sha256);
  }

 private:
  std::unique_ptr<PendingRead> read_;
  std::shared_ptr<const PackedRow> row_;
};

}  // namespace

struct PackedStorage::Bucket {
  std::vector<PackedRow> rows;
  std::vector<uint64_t> order;  // pack_order() of each
};

PackedStorage::PackedStorage(std::unique_ptr<Storage> store, PackManifest manifest)
    : store_(std::move(store)), manifest_(std::move(manifest)), folder_(store_->local_folder()) {
  if (!manifest_.complete) {
    throw Error(ErrorCode::no_data, "packed", store_->uri(), "the packing has not ended",
                "give the same command again: `pomona pack SOURCE " + store_->uri() + "`");
  }
  if (!folder_) blocks_ = std::make_unique<BlockCache>(*store_);
}

PackedStorage::~PackedStorage() = default;

uint64_t PackedStorage::bucket_of(std::string_view key) const { return path_hash(key) % manifest_.buckets; }

std::shared_ptr<const PackedStorage::Bucket> PackedStorage::bucket(uint64_t number) const {
  const std::lock_guard lock(mutex_);
  if (auto known = latest(buckets_, number)) return known;
  auto loaded = load(number);
  rows_in_memory_ += loaded->rows.size();
  buckets_.emplace_front(number, loaded);
  while (rows_in_memory_ > kRowsInMemory && buckets_.size() > 2) {
    rows_in_memory_ -= buckets_.back().second->rows.size();
    buckets_.pop_back();
  }
  return loaded;
}

std::shared_ptr<const PackedStorage::Bucket> PackedStorage::load(uint64_t number) const {
  const BucketRecord& record = manifest_.records[number];
  const std::string key = index_part(number);
  const std::string bytes = store_->read(key);
  if (sha256_hex(std::string_view(bytes)) != record.index.sha256) {
    throw corrupt(*store_, key, "its bytes are not those that pack.json says");
  }
  auto bucket = std::make_shared<Bucket>();
  bucket->rows = decode_packed(bytes, number, store_->uri() + "/" + key);
  if (bucket->rows.size() != record.photos) throw corrupt(*store_, key, "it does not hold all its photos");
  for (const PackedRow& row : bucket->rows) {
    const uint64_t order = pack_order(row.key);
    const bool sorted = bucket->order.empty() || bucket->order.back() <= order;
    if (!sorted || bucket_of(row.key) != number) {
      throw corrupt(*store_, key, "'" + to_utf8(row.key) + "' does not belong where it stands");
    }
    bucket->order.push_back(order);
    if (!row.reason.empty()) continue;
    const uint64_t tar = row.piece < record.tars.size() ? record.tars[row.piece].bytes : 0;
    if (row.offset < kTarBlock || row.offset > tar || row.size > tar - row.offset) {
      throw corrupt(*store_, key,
                    "'" + to_utf8(row.key) + "' would lie outside " + tar_name(number, row.piece));
    }
  }
  return bucket;
}

const PackedRow* PackedStorage::find(const Bucket& bucket, std::string_view key) const {
  const uint64_t order = pack_order(key);
  const auto [first, last] = std::ranges::equal_range(bucket.order, order);
  for (auto at = first; at != last; ++at) {
    const PackedRow& row = bucket.rows[static_cast<size_t>(at - bucket.order.begin())];
    if (row.key == key) return &row;
  }
  return nullptr;
}

void PackedStorage::list(const Visitor& visit, const Storage*) const {
  for (uint64_t number = 0; number < manifest_.buckets; ++number) {
    const auto loaded = load(number);  // past the cache: each is needed once
    for (const PackedRow& row : loaded->rows) visit({row.key, row.size, row.version});
  }
}

MaybeReject PackedStorage::find_listed(const ObjectInfo& object, uint64_t max_bytes,
                                       std::shared_ptr<const PackedRow>& row) const {
  const auto loaded = bucket(bucket_of(object.key));
  const PackedRow* found = find(*loaded, object.key);
  if (found == nullptr) return Reject{Stage::read, Reason::vanished, "It was listed, but is gone."};
  if (found->size != object.size || found->version != object.version) {
    return changed("It changed after it was listed.");
  }
  if (!found->reason.empty()) {
    const auto reason = reason_named(found->reason);
    return Reject{Stage::read, reason.value_or(Reason::read_error), found->detail};
  }
  row = {loaded, found};  // keeps its bucket
  return refuse_size(found->size, max_bytes);
}

MaybeReject PackedStorage::read_listed(const ObjectInfo& object, uint64_t max_bytes, Buffer& out) const {
  std::shared_ptr<const PackedRow> row;
  if (auto refused = find_listed(object, max_bytes, row)) return refused;
  if (auto failed = read_tar({bucket_of(row->key), row->piece}, row->offset, row->size, out)) return failed;
  return check_bytes(out, row->sha256);
}

Storage::ReadAhead PackedStorage::read_ahead() const { return blocks_ ? store_->read_ahead() : ReadAhead{}; }

std::unique_ptr<PendingRead> PackedStorage::start_read(const ObjectInfo& object, uint64_t max_bytes,
                                                       const std::function<void()>& on_ready) const {
  std::shared_ptr<const PackedRow> row;
  if (auto refused = find_listed(object, max_bytes, row)) {
    return std::make_unique<DecidedRead>(std::move(*refused));
  }
  const uint64_t number = bucket_of(row->key);
  auto read = blocks_->start(tar_name(number, row->piece), manifest_.records[number].tars[row->piece].bytes,
                             row->offset, row->size, on_ready);
  return std::make_unique<CheckedRead>(std::move(read), std::move(row));
}

MaybeReject PackedStorage::read_range(const std::string& key, uint64_t offset, uint64_t bytes,
                                      Buffer& out) const {
  const uint64_t number = bucket_of(key);
  const auto loaded = bucket(number);
  const PackedRow* row = find(*loaded, key);
  if (row == nullptr || !row->reason.empty()) {
    return Reject{Stage::read, Reason::vanished, "It is not in the packed dataset."};
  }
  if (offset > row->size || bytes > row->size - offset) return changed("It is shorter than it was.");
  return read_tar({number, row->piece}, row->offset + offset, bytes, out);
}

std::shared_ptr<File> PackedStorage::open_tar(TarId tar) const {
  const std::lock_guard lock(mutex_);
  if (auto open = latest(tars_, tar)) return open;
  const std::string key = tar_name(tar.first, tar.second);
  auto file = std::make_shared<File>(::open((*folder_ + "/" + key).c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (!file->ok() || ::fstat(file->get(), &status) != 0) {
    throw system_error("read", *folder_ + "/" + key, errno);
  }
  if (static_cast<uint64_t>(status.st_size) != manifest_.records[tar.first].tars[tar.second].bytes) {
    throw corrupt(*store_, key, "its size is not that which pack.json says");
  }
  tars_.emplace_front(tar, file);
  if (tars_.size() > kOpenTars) tars_.pop_back();
  return file;
}

MaybeReject PackedStorage::read_tar(TarId tar, uint64_t offset, uint64_t bytes, Buffer& out) const {
  if (blocks_) {
    return blocks_->read(tar_name(tar.first, tar.second), manifest_.records[tar.first].tars[tar.second].bytes,
                         offset, bytes, out);
  }
  const auto file = open_tar(tar);
  if (read_at(file->get(), out.reset(bytes), offset)) return std::nullopt;
  return Reject{Stage::read, Reason::read_error, "The system says: " + system_message(errno) + "."};
}

std::string PackedStorage::read(const std::string& key) const {
  const auto info = stat(key);
  Buffer bytes;
  const auto reject = info ? read_listed(*info, info->size, bytes)
                           : Reject{Stage::read, Reason::vanished, "It is not in the packed dataset."};
  if (reject) throw Error(ErrorCode::not_found, "read", uri() + "/" + to_utf8(key), reject->detail);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<ObjectInfo> PackedStorage::stat(const std::string& key) const {
  const auto loaded = bucket(bucket_of(key));
  const PackedRow* row = find(*loaded, key);
  if (row == nullptr) return std::nullopt;
  return ObjectInfo{row->key, row->size, row->version};
}

void PackedStorage::write(const std::string& key, std::span<const std::byte>) {
  throw read_only(*store_, key);
}
void PackedStorage::remove(const std::string& key) { throw read_only(*store_, key); }
void PackedStorage::remove_below(const std::string& prefix, const KeyFilter&) {
  throw read_only(*store_, prefix);
}
std::shared_ptr<void> PackedStorage::lock() { throw read_only(*store_, ""); }

}  // namespace pomona
