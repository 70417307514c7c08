#include "network/error.h"

#include <algorithm>
#include <string_view>

namespace pomona::network {
namespace {

// "Exception from src/inference/...:84:", "Check 'x' failed at src/...", "While validating node ..." say
// where in OpenVINO, not what is wrong with the file.
bool is_location(std::string_view line) {
  return line.starts_with("Exception from") || line.starts_with("Check '") ||
         line.starts_with("While validating") || line.starts_with("FrontEnd API failed") ||
         line.find(" at src/") != std::string_view::npos;
}

}  // namespace

std::string openvino_cause(const std::exception& exception) {
  std::string_view text = exception.what();
  std::string cause;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    if (!line.empty() && !is_location(line)) cause = line;
  }
  constexpr size_t kLongest = 300;
  if (cause.size() > kLongest) cause = cause.substr(0, kLongest) + "...";
  return cause.empty() ? "OpenVINO gives no reason" : cause;
}

}  // namespace pomona::network
