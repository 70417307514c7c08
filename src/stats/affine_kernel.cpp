#include "stats/affine_kernel.h"

#include <algorithm>
#include <cmath>
#include <memory>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "stats/affine_kernel.cpp"
#include <hwy/foreach_target.h>  // compiles this file again for each instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pomona::HWY_NAMESPACE {

// Rows of a tile: with two vectors of columns they fill the registers (24 of 32, 12 of 16) and hide the
// latency of FMA.
constexpr size_t kTileRows = HWY_CAP_GE512 ? 12 : 6;
// Rows that are centred together: they stay in the L2 cache while panel after panel passes.
constexpr size_t kChunkRows = 96;

#if HWY_NATIVE_FMA

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, kPanelColumns / 2>;

// Two vectors of columns for `Rows` rows; x holds the centred features, feature by feature, of `Rows` rows.
template <size_t Rows>
void TwoVectors(const float* HWY_RESTRICT x, size_t d, const float* HWY_RESTRICT panel, const float* bias,
                float* HWY_RESTRICT tile) {
  const Tag tag;
  const size_t lanes = hn::Lanes(tag);
  hn::Vec<Tag> sums[Rows][2];
#pragma GCC unroll 16
  for (size_t r = 0; r < Rows; ++r) {
    sums[r][0] = hn::LoadU(tag, bias);
    sums[r][1] = hn::LoadU(tag, bias + lanes);
  }
  for (size_t i = 0; i < d; ++i) {
    const auto left = hn::LoadU(tag, panel + i * kPanelColumns);
    const auto right = hn::LoadU(tag, panel + i * kPanelColumns + lanes);
#pragma GCC unroll 16
    for (size_t r = 0; r < Rows; ++r) {
      const auto value = hn::Set(tag, x[i * Rows + r]);
      sums[r][0] = hn::MulAdd(value, left, sums[r][0]);
      sums[r][1] = hn::MulAdd(value, right, sums[r][1]);
    }
  }
#pragma GCC unroll 16
  for (size_t r = 0; r < Rows; ++r) {
    hn::StoreU(sums[r][0], tag, tile + r * kPanelColumns);
    hn::StoreU(sums[r][1], tag, tile + r * kPanelColumns + lanes);
  }
}

template <size_t Rows>
void Tile(const float* x, size_t d, const float* panel, const float* bias, float* tile) {
  const size_t step = 2 * hn::Lanes(Tag());
  for (size_t c = 0; c < kPanelColumns; c += step) TwoVectors<Rows>(x, d, panel + c, bias + c, tile + c);
}

#else  // a processor without fused multiply-add: the same bits, by the C library

template <size_t Rows>
void Tile(const float* x, size_t d, const float* panel, const float* bias, float* tile) {
  for (size_t r = 0; r < Rows; ++r) {
    float* sums = tile + r * kPanelColumns;
    std::copy_n(bias, kPanelColumns, sums);
    for (size_t i = 0; i < d; ++i) {
      for (size_t c = 0; c < kPanelColumns; ++c) {
        sums[c] = std::fma(x[i * Rows + r], panel[i * kPanelColumns + c], sums[c]);
      }
    }
  }
}

#endif

// The centred rows, feature by feature; rows that are not there are zeros.
void Centre(const float* rows, size_t n, size_t width, const float* offset, size_t d, float* x) {
  for (size_t r = 0; r < width; ++r) {
    for (size_t i = 0; i < d; ++i) x[i * width + r] = r < n ? rows[r * d + i] - offset[i] : 0.0F;
  }
}

// `n` rows, at most kChunkRows; `x` has room for them, rounded up to whole tiles.
void AffineChunk(const AffineCall& call, const float* rows, size_t n, float* out, float* x) {
  const size_t d = call.d;
  // One photo alone is what a phone asks for: it has a tile of its own, the others share tiles that may be
  // part empty.
  const size_t width = n == 1 ? 1 : kTileRows;
  for (size_t r = 0; r < n; r += width) {
    Centre(rows + r * d, std::min(width, n - r), width, call.offset, d, x + r * d);
  }
  float tile[kTileRows * kPanelColumns];
  for (size_t first = 0; first < call.k; first += kPanelColumns) {
    const float* panel = call.panels + first * d;
    const size_t columns = std::min(kPanelColumns, call.k - first);
    for (size_t r = 0; r < n; r += width) {
      if (width == 1) {
        Tile<1>(x, d, panel, call.bias + first, tile);
      } else {
        Tile<kTileRows>(x + r * d, d, panel, call.bias + first, tile);
      }
      for (size_t t = 0; t < std::min(width, n - r); ++t) {
        std::copy_n(tile + t * kPanelColumns, columns, out + (r + t) * call.k + first);
      }
    }
  }
}

void Affine(const AffineCall& call) {
  const size_t room = std::min(call.n, kChunkRows) + kTileRows;
  const auto x = std::make_unique_for_overwrite<float[]>(room * call.d);
  for (size_t r = 0; r < call.n; r += kChunkRows) {
    AffineChunk(call, call.rows + r * call.d, std::min(kChunkRows, call.n - r), call.out + r * call.k,
                x.get());
  }
}

}  // namespace pomona::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pomona {

HWY_EXPORT(Affine);

void affine(const AffineCall& call) { HWY_DYNAMIC_DISPATCH(Affine)(call); }

}  // namespace pomona
#endif
