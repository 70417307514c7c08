#include "report/report.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona {
namespace {

TEST(Report, ARunThatHasNotEndedIsNamed) {
  const auto folder = std::filesystem::temp_directory_path() / ("pomona-report-" + std::to_string(getpid()));
  const auto dataset = open_storage(folder.string());
  dataset->write("plan/settings.json", std::string_view("{}"));
  Console console(true);
  try {
    write_report(*dataset, {}, console);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::no_data);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace pomona
