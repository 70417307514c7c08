#include "network/source.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>

#include <dlfcn.h>
#include <openvino/frontend/manager.hpp>
#include <openvino/op/constant.hpp>

#include "base/text.h"
#include "network/error.h"
#include "network/file_hash.h"
#include "network/library.h"
#include "network/names.h"

namespace pomona::network {
namespace {

namespace fs = std::filesystem;

constexpr std::array kBuiltin = {"efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2"};
constexpr std::array kExtensions = {".onnx", ".xml", ".tflite"};

// POMONA_NETWORKS, or where the networks lie beside the library: in the package, in the build tree, in an
// installation.
std::vector<fs::path> network_folders() {
  std::vector<fs::path> folders;
  if (const char* folder = std::getenv("POMONA_NETWORKS"); folder != nullptr && *folder != 0)
    folders.emplace_back(folder);
  const fs::path library = library_folder();
  for (const char* relative : {"networks", "../networks", "../share/pomona/networks"})
    folders.push_back(library / relative);
  return folders;
}

Source builtin_source(const std::string& name) {
  std::string searched;
  for (const fs::path& folder : network_folders()) {
    fs::path file = (folder / (name + ".xml")).lexically_normal();
    std::error_code ignored;
    if (fs::exists(file, ignored)) return {name, file, true};
    searched += (searched.empty() ? "" : ", ") + folder.lexically_normal().string();
  }
  throw fault(ErrorCode::not_found, name, "its files are in none of the folders " + searched,
              "install Pomona again, or set POMONA_NETWORKS to the folder that holds " + name + ".xml");
}

std::string choices() {
  std::string names;
  for (const char* name : kBuiltin) names += (names.empty() ? "" : ", ") + std::string(name);
  return "choose one of " + names + ", or a file ending in .onnx, .xml or .tflite";
}

bool has_known_extension(const fs::path& file) {
  for (const char* extension : kExtensions)
    if (file.extension() == extension) return true;
  return false;
}

// Opens it once, so that the cause of a failure is the system's word and not a parser's guess.
void check_readable(const fs::path& file, const std::string& name) {
  std::error_code error;
  if (fs::is_directory(file, error))
    throw fault(ErrorCode::usage, name, "is a folder, not a network", choices());
  errno = 0;
  if (const std::ifstream stream(file, std::ios::binary); !stream)
    throw system_error("network", name, errno != 0 ? errno : EIO);
}

}  // namespace

std::vector<std::string> builtin_names() { return {kBuiltin.begin(), kBuiltin.end()}; }

Source find_source(const std::string& network) {
  const std::vector<std::string> names = builtin_names();
  if (std::find(names.begin(), names.end(), network) != names.end()) return builtin_source(network);
  const fs::path file(network);
  std::error_code ignored;
  if (!fs::exists(file, ignored) && file.extension().empty()) {
    const auto guess = nearest(network, names);
    throw fault(ErrorCode::usage, network, "is no built-in network and no file",
                guess ? "did you mean " + *guess + "?" : choices());
  }
  const std::string name = file.filename().string();
  if (!has_known_extension(file) && fs::exists(file, ignored))
    throw fault(ErrorCode::usage, name, "is of no kind that Pomona reads", choices());
  check_readable(file, network);
  if (file.extension() == ".xml")
    check_readable(fs::path(file).replace_extension(".bin"),
                   fs::path(file).replace_extension(".bin").string());
  return {name, file, false};
}

std::shared_ptr<ov::Model> read_source(ov::Core& core, const Source& source) {
  try {
    if (source.file.extension() == ".xml") return core.read_model(source.file.string());
    // The reader that the ending names, and no other: ov::Core would let each of its readers try the bytes,
    // and some of them print and leak when they fail.
    ov::frontend::FrontEndManager manager;
    const auto reader = manager.load_by_framework(source.file.extension() == ".onnx" ? "onnx" : "tflite");
    auto model = reader->convert(reader->load(source.file.string()));
    settle_names(*model);
    return model;
  } catch (const std::exception& exception) {
    throw fault(ErrorCode::corrupt, source.name, "cannot be read as a network: " + openvino_cause(exception),
                "check that the file is whole, or convert it anew");
  }
}

std::string source_sha256(const Source& source, const ov::Model& model) {
  Sha256 hash;
  hash_file(hash, source.file);
  if (source.file.extension() == ".xml") hash_file(hash, fs::path(source.file).replace_extension(".bin"));
  // An ONNX file may keep its weights in other files.
  if (source.file.extension() == ".onnx")
    for (const auto& node : model.get_ordered_ops())
      if (const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node))
        hash.update(
            std::string_view(static_cast<const char*>(constant->get_data_ptr()), constant->get_byte_size()));
  return hash.hex();
}

}  // namespace pomona::network
