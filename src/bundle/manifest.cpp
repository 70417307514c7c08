#include "bundle/manifest.h"

#include "base/error.h"
#include "base/hash.h"

namespace pomona {

using Json = nlohmann::json;

std::string seal_manifest(Json manifest) {
  manifest.erase("sha256");
  manifest["sha256"] = sha256_hex(manifest.dump());
  return manifest.dump(2) + "\n";
}

Json open_manifest(const std::string& text, const std::string& object) {
  const Json manifest = Json::parse(text, nullptr, false);
  if (!manifest.is_object() || seal_manifest(manifest) != text) {
    throw Error(ErrorCode::corrupt, "bundle", object, "its contents do not fit the checksum that it carries",
                "restore the file, or write the bundle again with `pomona fit`");
  }
  return manifest;
}

}  // namespace pomona
