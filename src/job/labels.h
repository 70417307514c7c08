// A photo's label.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "table/features.h"

namespace pomona {

class Labels {
 public:
  // "folder", "none", or a CSV file with the columns path and label. Throws Error naming the file and the
  // line.
  explicit Labels(const std::string& mode);

  // Empty: none. `key` is relative to the source.
  std::string of(std::string_view key) const;

 private:
  enum class Mode { folder, none, file };
  Mode mode_;
  std::unordered_map<std::string, std::string> by_path_;
};

// Photos by label, without those that have none. Thread-safe.
class LabelCounts {
 public:
  void add(std::span<const PhotoRow> rows);
  std::map<std::string, uint64_t> take() { return std::move(counts_); }

 private:
  std::mutex mutex_;
  std::map<std::string, uint64_t> counts_;
};

// The name of the last folder of a key; empty for a photo that lies in the source itself.
std::string_view parent_folder(std::string_view key);

}  // namespace pomona
