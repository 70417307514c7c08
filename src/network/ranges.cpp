#include "network/ranges.h"

#include <array>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include "network/builtin_ranges.h"  // made by CMake from ranges/*.json
#include "network/error.h"

namespace pomona {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "pomona-ranges";
constexpr int kVersion = 1;

std::string shortest(float number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end.ptr};
}

Error bad(const std::string& origin, const std::string& cause) {
  return network::fault(ErrorCode::corrupt, origin, cause, "measure it anew: pomona calibrate");
}

std::pair<float, float> parse_range(const std::string& name, const json& value, const std::string& origin) {
  if (!value.is_array() || value.size() != 2 || !value[0].is_number() || !value[1].is_number())
    throw bad(origin, "the range of '" + name + "' is not two numbers");
  const std::pair range{value[0].get<float>(), value[1].get<float>()};
  if (!std::isfinite(range.first) || !std::isfinite(range.second) || range.first >= range.second)
    throw bad(origin, "the range of '" + name + "' is not [low, high]");
  return range;
}

}  // namespace

std::string ranges_to_json(const Ranges& ranges) {
  std::string text = "{\n  \"format\": \"" + std::string(kFormat) +
                     "\",\n  \"version\": " + std::to_string(kVersion) + ",\n  \"ranges\": {";
  const char* separator = "\n";
  for (const auto& [name, range] : ranges) {
    text += separator + ("    " + json(name).dump()) + ": [" + shortest(range.first) + ", " +
            shortest(range.second) + "]";
    separator = ",\n";
  }
  return text + "\n  }\n}\n";
}

Ranges ranges_from_json(const std::string& text, const std::string& origin) {
  const json file = json::parse(text, nullptr, false);
  if (!file.is_object() || file.value("format", json()) != kFormat || !file.contains("ranges"))
    throw bad(origin, "is no table of activation ranges");
  if (file.value("version", json()) != kVersion)
    throw network::fault(ErrorCode::mismatch, origin, "is of a version that this Pomona does not know",
                         "measure it anew (pomona calibrate), or use the Pomona that wrote it");
  const json& entries = file["ranges"];
  if (!entries.is_object()) throw bad(origin, "is no table of activation ranges");
  Ranges ranges;
  for (const auto& [name, value] : entries.items()) ranges[name] = parse_range(name, value, origin);
  return ranges;
}

namespace network {

std::optional<Ranges> builtin_ranges(const std::string& name) {
  for (const auto& [builtin, text] : kBuiltinRanges)
    if (builtin == name) return ranges_from_json(std::string(text), name);
  return std::nullopt;
}

}  // namespace network
}  // namespace pomona
