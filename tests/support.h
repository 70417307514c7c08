// What the tests of several layers share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona {
// How GoogleTest shows it.
inline void PrintTo(ErrorCode code, std::ostream* stream) { *stream << name(code); }
}  // namespace pomona

namespace pomona::testing {

// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "pomona-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

  // Writes a file, and its folder where that is missing.
  std::string put(const std::string& name, const std::string& bytes) const {
    const std::string file = path_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }

 private:
  std::string path_;
};

inline std::string bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct Failure {
  ErrorCode code;
  std::string text;

  bool says(const std::string& words) const { return text.find(words) != std::string::npos; }
};

// The Error that `act` throws; nothing where it throws none. Any other exception fails the test.
template <typename Act>
std::optional<Failure> failure_of(const Act& act) try {
  act();
  return std::nullopt;
} catch (const Error& error) {
  return Failure{error.code(), error.what()};
}

// That `act` throws an Error of this code, whose text holds these words.
template <typename Act>
::testing::AssertionResult fails(ErrorCode code, const std::string& words, const Act& act) {
  const auto failure = failure_of(act);
  if (!failure) return ::testing::AssertionFailure() << "it did not fail";
  if (failure->code != code || !failure->says(words)) {
    return ::testing::AssertionFailure() << name(failure->code) << ": " << failure->text;
  }
  return ::testing::AssertionSuccess();
}

}  // namespace pomona::testing
