// Moments that wait for their sibling in the merge tree, in an unnamed temporary file: 6.6 MB each at 1,280
// features.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "stats/merge_tree.h"
#include "storage/file.h"
#include "storage/storage.h"

namespace pomona {

class MomentsShelf final : public MomentsStore {
 public:
  // The file is made where `dataset` lies, or in the folder for temporary files where that is not on this
  // machine; at the first put().
  explicit MomentsShelf(const Storage& dataset);

  // Throw Error where the file cannot be made, written or read. From any thread.
  Place put(const Moments& moments) override;
  Moments take(const Place& place) override;

 private:
  std::string folder_;
  std::mutex mutex_;
  File file_{-1};
  uint64_t end_ = 0;
  std::vector<uint64_t> free_;  // offsets that hold nothing; all places are as long
};

}  // namespace pomona
