#include "cli/photo_arguments.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <unistd.h>

#include "base/error.h"
#include "storage/file.h"
#include "storage/storage.h"

namespace pomona::cli {

PhotoArguments::PhotoArguments(const std::vector<std::string>& arguments, uint64_t max_bytes) {
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument == "-") {
      add_stdin(max_bytes);
    } else if (std::filesystem::is_directory(argument, error)) {
      add_folder(argument);
    } else if (!std::filesystem::exists(argument, error)) {
      throw system_error("classify", argument, error ? error.value() : ENOENT, "check the path");
    } else {
      photos_.push_back({argument, argument});
    }
  }
}

void PhotoArguments::add_folder(const std::string& folder) {
  std::vector<std::string> files;
  open_storage(folder)->list([&](ObjectInfo&& object) { files.push_back(folder + "/" + object.key); });
  std::ranges::sort(files);
  for (std::string& file : files) photos_.push_back({file, file});
}

void PhotoArguments::add_stdin(uint64_t max_bytes) {
  if (stdin_read_) throw Error(ErrorCode::usage, "classify", "-", "stdin can be read only once");
  stdin_read_ = true;
  stdin_.resize(1 << 16);
  size_t size = 0;
  for (;;) {
    const ptrdiff_t count = read_fully(STDIN_FILENO, std::span(stdin_).subspan(size));
    if (count < 0) throw system_error("classify", "stdin", errno);
    size += static_cast<size_t>(count);
    if (size < stdin_.size() || size > max_bytes) break;  // one byte more than allowed is enough for a reject
    stdin_.resize(2 * stdin_.size());
  }
  stdin_.resize(size);
  photos_.push_back({"-", std::span<const std::byte>(stdin_)});
}

}  // namespace pomona::cli
