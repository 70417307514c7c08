#include "bundle/bundle.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "bundle/manifest.h"
#include "bundle/parameters.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

constexpr const char* kManifest = "bundle.json";
constexpr const char* kNetworkGraph = "network.xml";
constexpr const char* kNetworkWeights = "network.bin";
constexpr const char* kParameters = "parameters.safetensors";
constexpr uint64_t kMaxManifest = 64 << 20;  // bytes; class names are the bulk of it
constexpr const char* kRestore = "restore the file, or write the bundle again with `pomona fit`";

Json describe_decode(const DecodeSettings& decode) {
  return {{"alpha", "over white"},
          {"orientation", "exif"},
          {"max_bytes", decode.max_bytes},
          {"max_pixels", decode.max_pixels},
          {"scaled_size", decode.scaled_size},
          {"scaled_margin", decode.scaled_margin}};
}

Json describe_network(const Network& network) {
  Json ranges = Json::object();
  for (const auto& [tensor, range] : network.ranges()) ranges[tensor] = {range.first, range.second};
  return {{"name", to_utf8(network.network_name())},
          {"output_layer", network.output_layer()},
          {"precision", name(network.precision())},
          {"size", network.size()},
          {"dimension", network.dimension()},
          {"mean", network.mean()},
          {"scale", network.scale()},
          {"ranges", ranges},
          {"sha256", network.sha256()}};
}

Json describe(const Bundle& bundle) {
  Json json = {{"format", "pomona-bundle"},
               {"format_version", kBundleFormatVersion},
               {"pomona_version", kVersion},
               {"decode", describe_decode(bundle.decode)},
               {"resize", {{"filter", "bicubic"}, {"as", "Pillow 13"}, {"size", bundle.network.size()}}},
               {"network", describe_network(bundle.network)},
               {"scaler", {{"kind", "standard"}}},
               {"pca", {{"components", bundle.pca.k()}, {"whiten", bundle.pca.whiten}}},
               {"classes", bundle.classes},
               {"provenance",
                {{"photos", bundle.provenance.photos},
                 {"rows", bundle.provenance.rows},
                 {"rejects", bundle.provenance.rejects},
                 {"features_sha256", bundle.provenance.features_sha256}}}};
  if (bundle.classifier) json["classifier"] = describe(*bundle.classifier);
  return json;
}

Tensors tensors_of(const Bundle& bundle) {
  Tensors tensors = to_tensors(bundle.scaler, bundle.pca);
  if (bundle.classifier) add_tensors(bundle.classifier->model, tensors);
  return tensors;
}

// Scaler, PCA and, where the manifest speaks of one, the classifier.
void read_parameters(const std::string& bytes, const std::string& object, const Json& manifest,
                     Bundle& bundle) {
  const Tensors tensors = decode_safetensors(bytes, object);
  from_tensors(tensors, object, bundle.scaler, bundle.pca);
  if (bundle.scaler.mean.size() != static_cast<size_t>(bundle.network.dimension())) {
    throw Error(ErrorCode::corrupt, "bundle", object, "it does not fit the network", kRestore);
  }
  if (manifest.contains("classifier")) {
    bundle.classifier =
        read_classifier(manifest.at("classifier"), tensors, bundle.classes.size(), bundle.pca.k(), object);
  }
}

std::string object_name(const Storage& storage, const std::string& key) { return storage.uri() + "/" + key; }

Json read_manifest(const Storage& storage, const std::string& prefix) {
  const std::string object = object_name(storage, prefix + kManifest);
  const auto info = storage.stat(prefix + kManifest);
  if (!info) {
    throw Error(ErrorCode::not_found, "bundle", object, "there is no bundle here",
                "name the folder that holds bundle.json: OUT/bundle of a finished `pomona run`");
  }
  if (info->size > kMaxManifest) {
    throw Error(ErrorCode::corrupt, "bundle", object, "it is larger than any bundle.json", kRestore);
  }
  const Json manifest = open_manifest(storage.read(prefix + kManifest), object);
  if (manifest.value("format", "") != "pomona-bundle") {
    throw Error(ErrorCode::corrupt, "bundle", object, "this is not a Pomona bundle", kRestore);
  }
  const Json& version = manifest.at("format_version");
  if (version != kBundleFormatVersion) {
    throw Error(ErrorCode::mismatch, "bundle", object,
                "format version " + version.dump() + "; this program (" + kVersion + ") reads version " +
                    std::to_string(kBundleFormatVersion),
                "use the Pomona version that wrote it: " + manifest.value("pomona_version", "unknown"));
  }
  return manifest;
}

// Reads a part and holds it to the manifest: size before memory, hash after.
std::string read_part(const Storage& storage, const std::string& prefix, const std::string& file,
                      const Json& manifest) {
  const std::string object = object_name(storage, prefix + file);
  const Json& record = manifest.at("files").at(file);
  const auto info = storage.stat(prefix + file);
  if (!info)
    throw Error(ErrorCode::not_found, "bundle", object, "this part of the bundle is missing", kRestore);
  if (info->size != record.at("bytes").get<uint64_t>()) {
    throw Error(ErrorCode::corrupt, "bundle", object, "its size is not what bundle.json says", kRestore);
  }
  std::string bytes = storage.read(prefix + file);
  if (sha256_hex(std::string_view(bytes)) != record.at("sha256").get<std::string>()) {
    throw Error(ErrorCode::corrupt, "bundle", object, "its bytes are not those that bundle.json says",
                kRestore);
  }
  return bytes;
}

DecodeSettings decode_settings(const Json& json) {
  DecodeSettings decode;
  decode.max_bytes = json.at("max_bytes").get<uint64_t>();
  decode.max_pixels = json.at("max_pixels").get<uint64_t>();
  decode.scaled_size = json.at("scaled_size").get<int>();
  decode.scaled_margin = json.at("scaled_margin").get<double>();
  return decode;
}

Provenance provenance(const Json& json) {
  return {json.at("photos").get<uint64_t>(), json.at("rows").get<uint64_t>(),
          json.at("rejects").get<uint64_t>(), json.at("features_sha256").get<std::string>()};
}

}  // namespace

void write_bundle(Storage& storage, const std::string& prefix, const Bundle& bundle) {
  storage.remove(prefix + kManifest);
  Json manifest = describe(bundle);
  const auto write = [&](const char* file, const std::string& bytes) {
    storage.write(prefix + file, bytes);
    manifest["files"][file] = {{"bytes", bytes.size()}, {"sha256", sha256_hex(std::string_view(bytes))}};
  };
  const NetworkFiles network = bundle.network.files();
  write(kNetworkGraph, network.xml);
  write(kNetworkWeights, network.weights);
  write(kParameters, encode_safetensors(tensors_of(bundle)));
  storage.write(prefix + kManifest, seal_manifest(manifest));
}

Bundle load_bundle(const Storage& storage, const std::string& prefix) {
  const std::string object = object_name(storage, prefix + kManifest);
  try {
    const Json manifest = read_manifest(storage, prefix);
    const std::string graph = read_part(storage, prefix, kNetworkGraph, manifest);
    const std::string weights = read_part(storage, prefix, kNetworkWeights, manifest);
    const std::string parameters = read_part(storage, prefix, kParameters, manifest);
    const Precision precision = parse_precision(manifest.at("network").at("precision").get<std::string>());
    Bundle bundle{decode_settings(manifest.at("decode")),
                  Network::read(graph, weights, precision),
                  {},
                  {},
                  manifest.at("classes").get<std::vector<std::string>>(),
                  provenance(manifest.at("provenance"))};
    read_parameters(parameters, object_name(storage, prefix + kParameters), manifest, bundle);
    return bundle;
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::corrupt, "bundle", object, error.what(), kRestore);
  }
}

void write_network(Storage& storage, const std::string& prefix, const Network& network) {
  const NetworkFiles files = network.files();
  storage.write(prefix + kNetworkGraph, files.xml);
  storage.write(prefix + kNetworkWeights, files.weights);
}

Network read_network(const Storage& storage, const std::string& prefix, Precision precision) {
  return Network::read(storage.read(prefix + kNetworkGraph), storage.read(prefix + kNetworkWeights),
                       precision);
}

}  // namespace pomona
