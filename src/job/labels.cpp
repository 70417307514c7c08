#include "job/labels.h"

#include "base/error.h"
#include "base/text.h"
#include "table/labels.h"

namespace pomona {

Labels::Labels(const std::string& mode) : mode_(Mode::file) {
  if (mode == "folder") {
    mode_ = Mode::folder;
  } else if (mode == "none") {
    mode_ = Mode::none;
  } else {
    by_path_ = read_labels_csv(mode);
  }
}

std::string Labels::of(std::string_view key) const {
  switch (mode_) {
    case Mode::folder:
      return to_utf8(parent_folder(key));
    case Mode::none:
      return {};
    case Mode::file:
      break;
  }
  const auto found = by_path_.find(to_utf8(key));
  return found == by_path_.end() ? std::string() : found->second;
}

void LabelCounts::add(std::span<const PhotoRow> rows) {
  const std::lock_guard lock(mutex_);
  for (const PhotoRow& row : rows) {
    if (!row.label.empty()) ++counts_[row.label];
  }
}

std::string_view parent_folder(std::string_view key) {
  const size_t end = key.rfind('/');
  if (end == std::string_view::npos) return {};
  key = key.substr(0, end);
  const size_t start = key.rfind('/');
  return start == std::string_view::npos ? key : key.substr(start + 1);
}

}  // namespace pomona
