#include "base/error.h"

#include <array>
#include <cerrno>
#include <cstring>

namespace pomona {
namespace {

std::string message(const std::string& operation, const std::string& object, const std::string& cause,
                    const std::string& next_step) {
  std::string text = "[" + operation + "] ";
  if (!object.empty()) text += object + ": ";
  text += cause;
  if (!next_step.empty()) text += "\n  " + next_step;
  return text;
}

ErrorCode code_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::permission;
    case ENOSPC:
    case EDQUOT:
      return ErrorCode::no_space;
    default:
      return ErrorCode::storage;
  }
}

std::string remedy_of(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "free some space, then give the same command again: it goes on where it stopped";
    case EACCES:
    case EPERM:
      return "give this user the right to it, or run as its owner";
    case EROFS:
      return "choose a folder on a file system that can be written";
    case ENOENT:
      return "check the path";
    default:
      return {};
  }
}

}  // namespace

const char* name(ErrorCode code) {
  static constexpr std::array names = {"usage",   "not-found", "permission", "storage",     "no-space",
                                       "corrupt", "mismatch",  "no-data",    "interrupted", "internal"};
  return names.at(static_cast<size_t>(code));
}

Error::Error(ErrorCode code, const std::string& operation, const std::string& object,
             const std::string& cause, const std::string& next_step)
    : std::runtime_error(message(operation, object, cause, next_step)), code_(code) {}

std::string system_message(int error_number) {
  std::array<char, 256> text{};
  return strerror_r(error_number, text.data(), text.size());  // the GNU one, which may not use `text`
}

Error system_error(const std::string& operation, const std::string& object, int error_number,
                   const std::string& next_step) {
  return {code_of(error_number), operation, object, system_message(error_number),
          next_step.empty() ? remedy_of(error_number) : next_step};
}

}  // namespace pomona
