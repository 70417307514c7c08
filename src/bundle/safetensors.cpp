#include "bundle/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

constexpr size_t kLengthBytes = 8;
constexpr uint64_t kMaxHeader = 1 << 20;  // bytes; ours has a few hundred

[[noreturn]] void fail(const std::string& object, const std::string& cause) {
  throw Error(ErrorCode::corrupt, "safetensors", object, cause,
              "restore the file, or write the bundle again");
}

uint64_t element_count(const std::vector<uint64_t>& shape, uint64_t limit, const std::string& object) {
  uint64_t count = 1;
  for (const uint64_t length : shape) {
    if (length != 0 && count > limit / length) fail(object, "a tensor is larger than the file");
    count *= length;
  }
  return count;
}

Tensor decode_tensor(const Json& entry, std::string_view data, const std::string& object) {
  if (entry.at("dtype") != "F64") fail(object, "a tensor is not F64");
  Tensor tensor{entry.at("shape").get<std::vector<uint64_t>>(), {}};
  const auto offsets = entry.at("data_offsets").get<std::vector<uint64_t>>();
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data.size()) {
    fail(object, "a tensor lies outside the file");
  }
  const uint64_t count = element_count(tensor.shape, data.size(), object);
  if (count * sizeof(double) != offsets[1] - offsets[0])
    fail(object, "a tensor's shape does not fit its data");
  tensor.values.resize(count);
  if (count > 0) std::memcpy(tensor.values.data(), data.data() + offsets[0], count * sizeof(double));
  return tensor;
}

// The format allows no hole and no overlap. An overlap would also let a small file ask for much memory.
void check_coverage(const Json& header, uint64_t data_size, const std::string& object) {
  std::vector<std::pair<uint64_t, uint64_t>> spans;
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__")
      spans.push_back(entry.at("data_offsets").get<std::pair<uint64_t, uint64_t>>());
  }
  std::ranges::sort(spans);
  uint64_t end = 0;
  for (const auto& [first, last] : spans) {
    if (first != end || last < first) fail(object, "its tensors overlap or leave holes");
    end = last;
  }
  if (end != data_size) fail(object, "its tensors do not fill the file");
}

}  // namespace

std::string encode_safetensors(const Tensors& tensors) {
  Json header = Json::object();
  uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    const uint64_t bytes = tensor.values.size() * sizeof(double);
    header[name] = {{"dtype", "F64"}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  std::string text = header.dump();
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  const uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  bytes += text;
  for (const auto& [name, tensor] : tensors) {
    bytes.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(double));
  }
  return bytes;
}

Tensors decode_safetensors(std::string_view bytes, const std::string& object) {
  uint64_t length = 0;
  if (bytes.size() < kLengthBytes) fail(object, "the file is too short");
  std::memcpy(&length, bytes.data(), kLengthBytes);
  bytes.remove_prefix(kLengthBytes);
  if (length > bytes.size() || length > kMaxHeader)
    fail(object, "the header is longer than the file or the limit");
  try {
    Tensors tensors;
    const Json header = Json::parse(bytes.substr(0, length));
    if (!header.is_object()) fail(object, "the header is no JSON object");
    check_coverage(header, bytes.size() - length, object);
    for (const auto& [name, entry] : header.items()) {
      if (name != "__metadata__") tensors[name] = decode_tensor(entry, bytes.substr(length), object);
    }
    return tensors;
  } catch (const Json::exception& error) {
    fail(object, error.what());
  }
}

}  // namespace pomona
