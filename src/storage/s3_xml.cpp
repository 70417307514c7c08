#include "storage/s3_xml.h"

#include <pugixml.hpp>

#include "storage/http.h"

namespace pomona {
namespace {

struct FindElement : pugi::xml_tree_walker {
  explicit FindElement(std::string_view wanted) : name(wanted) {}
  bool for_each(pugi::xml_node& node) override {
    if (name != node.name()) return true;
    text = node.text().get();
    return false;
  }
  std::string_view name;
  std::string text;
};

bool parse(pugi::xml_document& document, std::string_view xml) {
  return static_cast<bool>(document.load_buffer(xml.data(), xml.size()));
}

}  // namespace

std::optional<S3ListPage> parse_list_page(std::string_view xml) {
  pugi::xml_document document;
  if (!parse(document, xml)) return std::nullopt;
  const pugi::xml_node result = document.child("ListBucketResult");
  if (!result) return std::nullopt;
  const bool encoded = std::string_view(result.child_value("EncodingType")) == "url";
  const auto decoded = [&](const char* text) { return encoded ? percent_decode(text) : std::string(text); };
  S3ListPage page;
  for (const pugi::xml_node node : result.children("Contents")) {
    std::string_view etag = node.child_value("ETag");
    if (etag.size() >= 2 && etag.starts_with('"')) etag = etag.substr(1, etag.size() - 2);
    page.objects.push_back(
        {decoded(node.child_value("Key")), node.child("Size").text().as_ullong(), std::string(etag)});
  }
  for (const pugi::xml_node node : result.children("CommonPrefixes")) {
    page.prefixes.push_back(decoded(node.child_value("Prefix")));
  }
  if (result.child("IsTruncated").text().as_bool()) page.next = result.child_value("NextContinuationToken");
  return page;
}

S3Fault parse_fault(std::string_view xml) {
  pugi::xml_document document;
  if (xml.empty() || !parse(document, xml)) return {};
  pugi::xml_node error = document.child("Error");
  if (!error) error = document.child("ErrorResponse").child("Error");
  return {error.child_value("Code"), error.child_value("Message"), error.child_value("Region")};
}

std::string element_text(std::string_view xml, const char* name) {
  pugi::xml_document document;
  if (!parse(document, xml)) return {};
  FindElement find(name);
  document.traverse(find);
  return find.text;
}

}  // namespace pomona
