// Named tensors of a file whose bytes nobody vouches for.
#pragma once

#include <string>
#include <vector>

#include "bundle/safetensors.h"

namespace pomona {

class TensorReader {
 public:
  // Both must outlive this. `object` names the file in errors.
  TensorReader(const Tensors& tensors, const std::string& object) : tensors_(tensors), object_(object) {}

  // Throw Error(corrupt) where the tensor is missing, has another shape, or holds a NaN or an infinity.
  const Tensor& find(const std::string& name) const;
  const std::vector<double>& get(const std::string& name, const std::vector<uint64_t>& shape) const;
  double scalar(const std::string& name) const { return get(name, {1}).front(); }
  // ... and where a number is no float32.
  std::vector<float> finite_floats(const std::string& name, const std::vector<uint64_t>& shape) const;

  [[noreturn]] void fail(const std::string& cause) const;

 private:
  const Tensors& tensors_;
  const std::string& object_;
};

}  // namespace pomona
