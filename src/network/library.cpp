#include "network/library.h"

#include <dlfcn.h>
#include <sys/stat.h>

namespace pomona::network {
namespace {

namespace fs = std::filesystem;

fs::path library_file() {
  Dl_info info{};
  static const char anchor = 0;
  if (dladdr(&anchor, &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  return fs::weakly_canonical(info.dli_fname, ignored);
}

}  // namespace

fs::path library_folder() { return library_file().parent_path(); }

std::string library_stamp() {
  struct stat status{};
  if (stat(library_file().c_str(), &status) != 0) return {};
  return std::to_string(status.st_size) + " " + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

}  // namespace pomona::network
