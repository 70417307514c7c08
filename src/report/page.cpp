#include "report/page.h"

#include "base/base64.h"
#include "base/error.h"

namespace pomona::report {
namespace {

constexpr std::string_view kMarker = "<!--pomona-data-->";

}  // namespace

std::string script_json(const nlohmann::json& json) {
  const std::string plain = json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  std::string safe;
  safe.reserve(plain.size());
  // Outside strings JSON has no '<', so every one may be written as an escape.
  for (const char c : plain) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

PageWriter::PageWriter(std::string_view page_template) {
  const size_t at = page_template.find(kMarker);
  if (at == std::string_view::npos) {
    throw Error(ErrorCode::internal, "report", "template", "it has no place for data",
                "build Pomona with Node 20 or later and npm installed, or leave the report out: --no-report");
  }
  text_ = page_template.substr(0, at);
  after_ = page_template.substr(at + kMarker.size());
}

void PageWriter::json(const std::string& id, const nlohmann::json& json) {
  text_ += "<script type=\"application/json\" id=\"" + id + "\">" + script_json(json) + "</script>\n";
}

void PageWriter::block(const std::string& name, std::span<const std::byte> bytes) {
  text_ += "<script type=\"text/plain\" id=\"block-" + name + "\">";
  append_base64(text_, bytes);
  text_ += "</script>\n";
}

std::string PageWriter::finish() {
  text_ += after_;
  return std::move(text_);
}

}  // namespace pomona::report
