// The page's template, and how data get into it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace pomona::report {

// web/report, as built into this program; empty where it was built without Node.
std::string_view page_template();

// JSON that may stand inside a script element: ASCII only, no '<'. Bytes that are no UTF-8 become U+FFFD.
std::string script_json(const nlohmann::json& json);

// Puts blocks where the template says so. The text is whole after finish().
class PageWriter {
 public:
  // Throws Error(internal) where the template lacks its marker.
  explicit PageWriter(std::string_view page_template);

  void json(const std::string& id, const nlohmann::json& json);
  // Base64. `name` is ours: no file name ever stands in markup.
  void block(const std::string& name, std::span<const std::byte> bytes);
  std::string finish();

 private:
  std::string text_;
  std::string_view after_;
};

}  // namespace pomona::report
