// What S3 and STS answer in XML.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/storage.h"

namespace pomona {

struct S3ListPage {
  std::vector<ObjectInfo> objects;    // keys as in the bucket
  std::vector<std::string> prefixes;  // where a delimiter was asked for
  std::string next;                   // continuation token; empty: this is the last page
};

// Nothing where it is no whole listing.
std::optional<S3ListPage> parse_list_page(std::string_view xml);

struct S3Fault {
  std::string code;  // "AccessDenied"; empty where there is none
  std::string message;
  std::string region;  // that the bucket is in, where the store says so
};
S3Fault parse_fault(std::string_view xml);

// The text of the first element of that name, at any depth; empty where there is none.
std::string element_text(std::string_view xml, const char* name);

}  // namespace pomona
