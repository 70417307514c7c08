// An affine map in float32, y = matrix * (x - offset) + bias, with the same bits for a row whatever stands
// beside it.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace pomona {

class AffineMap {
 public:
  // matrix(output, input) is asked for every number once; offset and bias begin as 0.
  AffineMap(size_t inputs, size_t outputs, const std::function<double(size_t output, size_t input)>& matrix);

  size_t inputs() const { return inputs_; }
  size_t outputs() const { return outputs_; }

  void set_bias(size_t output, double value) { bias_[output] = static_cast<float>(value); }
  // Subtracted before the multiplication: where x is near a large mean, x - offset loses nothing, while a
  // mean folded into the bias would lose everything.
  void set_offset(size_t input, float value) { offset_[input] = value; }

  // `rows` holds n vectors of `inputs`, `out` has room for n of `outputs`. Every row is computed alone, in
  // one fixed order of additions: the same bits on every machine (without fused multiply-add in the processor
  // it is emulated, slowly). Throws Error: mismatch where the sizes do not fit.
  void apply(std::span<const float> rows, std::span<float> out) const;

 private:
  size_t inputs_;
  size_t outputs_;
  std::vector<float> offset_;  // inputs
  std::vector<float> panels_;  // the matrix as affine_kernel.h has it
  std::vector<float> bias_;    // outputs, padded to whole panels
};

}  // namespace pomona
