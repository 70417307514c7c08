// The safetensors format (https://github.com/huggingface/safetensors): u64 length of a JSON header, the
// header, the data.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pomona {

// A float64 array of any shape, row by row.
struct Tensor {
  std::vector<uint64_t> shape;
  std::vector<double> values;
};

using Tensors = std::map<std::string, Tensor>;

// Names in alphabetical order, data aligned to 8 bytes: the same tensors give the same bytes.
std::string encode_safetensors(const Tensors& tensors);

// Untrusted bytes: every length and offset is checked. Throws Error(corrupt) naming `object`. Reads F64 only.
Tensors decode_safetensors(std::string_view bytes, const std::string& object);

}  // namespace pomona
