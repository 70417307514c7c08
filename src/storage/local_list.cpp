#include "storage/local_list.h"

#include <cerrno>
#include <memory>
#include <vector>

#include <dirent.h>
#include <fcntl.h>

#include "base/error.h"
#include "storage/file.h"

namespace pomona {
namespace {

struct DirCloser {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

class Walk {
 public:
  Walk(const std::string& root, const std::optional<FolderId>& except, const Storage::Visitor& visit)
      : root_(root), except_(except), visit_(visit) {}

  // `key` is the folder's key with a slash at its end, or empty for the root.
  void folder(int parent, const char* name, const std::string& key) {
    File descriptor(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct stat status{};
    if (!descriptor.ok() && errno == ENOENT && !key.empty())
      return;  // it went away while its parent was listed
    if (!descriptor.ok() || ::fstat(descriptor.get(), &status) != 0) fail(key);
    const FolderId id{status.st_dev, status.st_ino};
    if (id == except_) return;
    for (const FolderId& above : above_) {
      if (above == id) return;  // a link to a folder above this one: its photos are already counted
    }
    above_.push_back(id);
    entries(std::move(descriptor), key);
    above_.pop_back();
  }

 private:
  void entries(File descriptor, const std::string& key) {
    const std::unique_ptr<DIR, DirCloser> dir(::fdopendir(descriptor.get()));
    if (!dir) fail(key);
    const int number = descriptor.release();  // closedir closes it
    errno = 0;
    while (const dirent* item = ::readdir(dir.get())) {
      if (item->d_name[0] != '.') entry(number, item->d_name, key);
      errno = 0;
    }
    if (errno != 0) fail(key);
  }

  void entry(int parent, const char* name, const std::string& folder_key) {
    std::string key = folder_key + name;
    struct stat status{};
    const bool known = ::fstatat(parent, name, &status, 0) == 0;
    if (known && S_ISDIR(status.st_mode)) {
      folder(parent, name, key + "/");
    } else {
      // A link that leads nowhere, a pipe or a device is an input too: reading it says what is wrong.
      visit_({std::move(key), known ? static_cast<uint64_t>(status.st_size) : 0,
              known ? version_of(status) : ""});
    }
  }

  [[noreturn]] void fail(const std::string& key) const {
    const int number = errno;
    throw system_error(
        "list", root_ + "/" + key, number,
        number == EACCES ? "give this user the right to read the folder, or move it out of the source" : "");
  }

  const std::string& root_;
  const std::optional<FolderId>& except_;
  const Storage::Visitor& visit_;
  std::vector<FolderId> above_;
};

}  // namespace

std::optional<FolderId> folder_id(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FolderId{status.st_dev, status.st_ino};
}

void list_folder(const std::string& root, const std::optional<FolderId>& except,
                 const Storage::Visitor& visit) {
  Walk(root, except, visit).folder(AT_FDCWD, root.c_str(), "");
}

std::string version_of(const struct stat& status) {
  return std::to_string(static_cast<int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec);
}

}  // namespace pomona
