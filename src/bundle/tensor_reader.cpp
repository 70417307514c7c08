#include "bundle/tensor_reader.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace pomona {

void TensorReader::fail(const std::string& cause) const {
  throw Error(ErrorCode::corrupt, "bundle", object_, cause, "restore the file, or run `pomona fit` again");
}

const Tensor& TensorReader::find(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) fail("tensor '" + name + "' is missing");
  return found->second;
}

const std::vector<double>& TensorReader::get(const std::string& name,
                                             const std::vector<uint64_t>& shape) const {
  const Tensor& tensor = find(name);
  if (tensor.shape != shape) fail("tensor '" + name + "' has a shape that does not fit the others");
  if (!std::ranges::all_of(tensor.values, [](double value) { return std::isfinite(value); })) {
    fail("tensor '" + name + "' holds a number that is not finite");
  }
  return tensor.values;
}

std::vector<float> TensorReader::finite_floats(const std::string& name,
                                               const std::vector<uint64_t>& shape) const {
  const std::vector<double>& values = get(name, shape);
  std::vector<float> floats;
  floats.reserve(values.size());
  for (const double value : values) {
    floats.push_back(static_cast<float>(value));
    if (!std::isfinite(floats.back())) fail("tensor '" + name + "' holds a number that is not finite");
  }
  return floats;
}

}  // namespace pomona
