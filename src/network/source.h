// Where a network comes from: a built-in name, or a file of the user's.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <openvino/openvino.hpp>

namespace pomona::network {

struct Source {
  std::string name;            // the built-in name, or the file's name
  std::filesystem::path file;  // .xml, .onnx or .tflite
  bool builtin = false;
};

// The names of the networks that Pomona brings.
std::vector<std::string> builtin_names();

// Throws Error (usage, not_found) with the names to choose from.
Source find_source(const std::string& network);

// A network as its file says it, with names that are the same whenever it is read.
std::shared_ptr<ov::Model> read_source(ov::Core& core, const Source& source);

// SHA-256 over the bytes of the network's files.
std::string source_sha256(const Source& source, const ov::Model& model);

}  // namespace pomona::network
