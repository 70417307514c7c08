// A Storage in memory, for tests of what writes objects.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "storage/storage.h"

namespace pomona {

class MemoryStorage : public Storage {
 public:
  const std::string& uri() const override { return uri_; }
  void list(const Visitor& visit, const Storage*) const override {
    for (const auto& [key, bytes] : objects_) visit({key, bytes.size(), "1"});
  }
  MaybeReject read_listed(const ObjectInfo&, uint64_t, Buffer&) const override {
    return Reject{Stage::read, Reason::vanished, "a memory storage is read whole"};
  }
  std::string read(const std::string& key) const override { return objects_.at(key); }
  std::optional<ObjectInfo> stat(const std::string&) const override { return std::nullopt; }
  using Storage::write;
  void write(const std::string& key, std::span<const std::byte> bytes) override {
    const std::lock_guard lock(mutex_);
    objects_[key] = std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void remove(const std::string& key) override { objects_.erase(key); }
  void remove_below(const std::string&, const KeyFilter&) override { objects_.clear(); }
  std::shared_ptr<void> lock() override { return nullptr; }

  const std::map<std::string, std::string>& objects() const { return objects_; }

 private:
  std::string uri_ = "memory";
  std::mutex mutex_;
  std::map<std::string, std::string> objects_;
};

}  // namespace pomona
