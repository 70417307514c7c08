#include "stats/affine.h"

#include "base/error.h"
#include "base/text.h"
#include "stats/affine_kernel.h"

namespace pomona {

AffineMap::AffineMap(size_t inputs, size_t outputs, const std::function<double(size_t, size_t)>& matrix)
    : inputs_(inputs), outputs_(outputs), offset_(inputs) {
  const size_t panels = (outputs + kPanelColumns - 1) / kPanelColumns;
  panels_.resize(panels * inputs * kPanelColumns);
  bias_.resize(panels * kPanelColumns);
  for (size_t output = 0; output < outputs; ++output) {
    float* panel = &panels_[(output / kPanelColumns) * inputs * kPanelColumns + output % kPanelColumns];
    for (size_t input = 0; input < inputs; ++input) {
      panel[input * kPanelColumns] = static_cast<float>(matrix(output, input));
    }
  }
}

void AffineMap::apply(std::span<const float> rows, std::span<float> out) const {
  const size_t n = rows.size() / inputs_;
  if (rows.size() != n * inputs_ || out.size() != n * outputs_) {
    throw Error(ErrorCode::mismatch, "affine map", "",
                with_commas(rows.size()) + " numbers are not whole vectors of " + with_commas(inputs_) +
                    ", or the result has no room for " + with_commas(outputs_) + " of each");
  }
  affine({rows.data(), n, inputs_, offset_.data(), panels_.data(), bias_.data(), outputs_, out.data()});
}

}  // namespace pomona
