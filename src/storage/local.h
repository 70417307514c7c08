// A folder of the local disk.
#pragma once

#include <string>

#include "storage/storage.h"

namespace pomona {

class LocalStorage : public Storage {
 public:
  explicit LocalStorage(std::string folder);

  const std::string& uri() const override { return folder_; }
  // Follows links, to folders too, but never in a circle.
  void list(const Visitor& visit, const Storage* except = nullptr) const override;
  MaybeReject read_listed(const ObjectInfo& object, uint64_t max_bytes, Buffer& out) const override;
  MaybeReject read_range(const std::string& key, uint64_t offset, uint64_t bytes, Buffer& out) const override;
  std::string read(const std::string& key) const override;
  std::optional<ObjectInfo> stat(const std::string& key) const override;
  // Through a temporary file in the same folder, on the disk before it takes the name; the name is on the
  // disk when this returns.
  void write(const std::string& key, std::span<const std::byte> bytes) override;
  using Storage::write;
  void move(const std::string& from, const std::string& to) override;
  void remove(const std::string& key) override;
  void remove_below(const std::string& prefix, const KeyFilter& which) override;
  std::shared_ptr<void> lock() override;
  std::optional<std::string> local_folder() const override { return folder_; }

 private:
  std::string path(const std::string& key) const { return folder_ + "/" + key; }

  std::string folder_;
};

// A single file that no listing named. A reject, of stage `read`, where it is too large, missing or cannot be
// read.
MaybeReject read_file(const std::string& path, uint64_t max_bytes, Buffer& out);

}  // namespace pomona
