// Walks a folder.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <sys/stat.h>

#include "storage/storage.h"

namespace pomona {

// A folder, by whatever path it is reached.
using FolderId = std::pair<dev_t, ino_t>;
std::optional<FolderId> folder_id(const std::string& path);

// See Storage::list.
void list_folder(const std::string& root, const std::optional<FolderId>& except,
                 const Storage::Visitor& visit);

// The version of a file: its modification time in nanoseconds.
std::string version_of(const struct stat& status);

}  // namespace pomona
