// PHOTO...: files, folders, and `-` for stdin.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bundle/photo_engine.h"

namespace pomona::cli {

struct NamedPhoto {
  std::string name;  // as it is shown
  PhotoInput input;
};

class PhotoArguments {
 public:
  // Lists folders (sorted, hidden files left out) and reads stdin. Throws Error: not_found for a name that
  // does not exist; usage where stdin is larger than `max_bytes` or is named twice.
  PhotoArguments(const std::vector<std::string>& arguments, uint64_t max_bytes);

  const std::vector<NamedPhoto>& photos() const { return photos_; }

 private:
  void add_folder(const std::string& folder);
  void add_stdin(uint64_t max_bytes);

  std::vector<NamedPhoto> photos_;
  std::vector<std::byte> stdin_;
  bool stdin_read_ = false;
};

}  // namespace pomona::cli
