// The two passes in vectors, by Google Highway: compiled once for each instruction set, chosen at run time.
// Whole-number sums do not depend on their order, so every form gives the bytes of the portable one.
#include <algorithm>
#include <array>
#include <cstring>

#include "image/resize_kernels.h"

// Highway's own fallback without vectors lacks some of the operations; ours is resize_portable.cpp, so the
// least set that is compiled here is SSE4. Nothing here runs before the CPU was asked.
#if defined(__x86_64__)
#define HWY_BASELINE_TARGETS HWY_SSE4
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "image/resize_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pomona::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using D8 = hn::ScalableTag<uint8_t>;
using D16 = hn::ScalableTag<int16_t>;
using D32 = hn::ScalableTag<int32_t>;
using V16 = hn::Vec<D16>;
using V32 = hn::Vec<D32>;

constexpr int32_t kHalf = 1 << (kWeightBits - 1);

// Sums of sample * weight, with the weight's high and low parts apart: see Taps::pairs.
struct Sums {
  V32 high;
  V32 low;

  // Spelt out, for a constructor that the compiler makes up is compiled for the wrong instructions.
  HWY_INLINE Sums() : high(hn::Zero(D32())), low(hn::Set(D32(), kHalf)) {}

  // Adds two samples a lane, times two weights: a multiplication of pairs for each part.
  HWY_INLINE void add(V16 samples, const int32_t* pair) {
    const V16 high_weights = hn::BitCast(D16(), hn::Set(D32(), pair[0]));
    const V16 low_weights = hn::BitCast(D16(), hn::Set(D32(), pair[1]));
    high = multiply_pairs(samples, high_weights, high);
    low = multiply_pairs(samples, low_weights, low);
  }

  HWY_INLINE V32 rounded() const {
    return hn::ShiftRight<kWeightBits>(hn::Add(hn::ShiftLeft<kLowBits>(high), low));
  }

 private:
  static HWY_INLINE V32 multiply_pairs(V16 a, V16 b, V32 sum) {
    V32 rest = hn::Zero(D32());
    sum = hn::ReorderWidenMulAccumulate(D32(), a, b, sum, rest);
    return hn::RearrangeToOddPlusEven(sum, rest);
  }
};

// One vector of output bytes, from `bytes` on: lanes of D16 many.
HWY_INLINE hn::Vec<hn::Rebind<uint8_t, D16>> column(Plane in, const uint8_t* first, const int32_t* pairs,
                                                    int count) {
  const D16 d16;
  const hn::Rebind<uint8_t, D16> d8;
  Sums lower;
  Sums upper;
  for (int j = 0; j < count; j += 2, first += 2 * in.stride, pairs += 2) {
    // Of an odd number, the last has a partner of weight 0: itself, for there may be no further row.
    const uint8_t* second = j + 1 < count ? first + in.stride : first;
    const V16 a = hn::PromoteTo(d16, hn::LoadU(d8, first));
    const V16 b = hn::PromoteTo(d16, hn::LoadU(d8, second));
    lower.add(hn::InterleaveLower(d16, a, b), pairs);
    upper.add(hn::InterleaveUpper(d16, a, b), pairs);
  }
  // Undoes the interleaving, which is by blocks of 128 bits as this is.
  return hn::DemoteTo(d8, hn::ReorderDemote2To(d16, lower.rounded(), upper.rounded()));
}

void vertical(Plane in, int offset, const Taps& taps, int height, size_t bytes, uint8_t* out,
              size_t out_stride) {
  const hn::Rebind<uint8_t, D16> d8;
  const size_t lanes = hn::Lanes(D16());
  for (int y = 0; y < height; ++y, out += out_stride) {
    const int32_t* pairs = taps.pairs.data() + static_cast<size_t>(y) * taps.stride;
    const uint8_t* first = in.pixels + static_cast<size_t>(taps.first[y] - offset) * in.stride;
    size_t x = 0;
    for (; x + lanes <= bytes; x += lanes)
      hn::StoreU(column(in, first + x, pairs, taps.count[y]), d8, out + x);
    if (x == bytes) continue;
    HWY_ALIGN std::array<uint8_t, HWY_MAX_BYTES>
        rest;  // the input may be read past its end, the output not written
    hn::StoreU(column(in, first + x, pairs, taps.count[y]), d8, rest.data());
    std::memcpy(out + x, rest.data(), bytes - x);
  }
}

// As many rows as a vector has blocks of 128 bits are resized side by side, a row in each block.
constexpr size_t kRows = hn::MaxLanes(D8()) / 16;
using RowPointers = std::array<const uint8_t*, kRows>;

template <class D>
HWY_INLINE hn::Vec<D> load_rows(D d, const uint8_t* const* rows, size_t at) {
  if constexpr (hn::MaxLanes(D()) <= 16) {
    return hn::LoadU(d, rows[0] + at);
  } else {
    const hn::Half<D> half;
    return hn::Combine(d, load_rows(half, rows + hn::MaxLanes(D()) / 32, at), load_rows(half, rows, at));
  }
}

// Picks out of a block of pixels RGBRGB... the int16 pairs R0 R1, G0 G1, B0 B1 of pixels 0 and 1, or of 2
// and 3.
HWY_INLINE V16 pick_pairs(hn::Vec<D8> pixels, const uint8_t* order) {
  return hn::BitCast(D16(), hn::TableLookupBytesOr0(pixels, hn::LoadDup128(D8(), order)));
}

constexpr uint8_t kNone = 0x80;
alignas(16) constexpr uint8_t kPixels01[16] = {0, kNone, 3, kNone, 1,     kNone, 4,     kNone,
                                               2, kNone, 5, kNone, kNone, kNone, kNone, kNone};
alignas(16) constexpr uint8_t kPixels23[16] = {6, kNone, 9,  kNone, 7,     kNone, 10,    kNone,
                                               8, kNone, 11, kNone, kNone, kNone, kNone, kNone};

// One output pixel of each of the rows: R, G, B, 0 in each block.
HWY_INLINE V32 resize_pixel(const uint8_t* const* rows, size_t at, const int32_t* pairs, int count) {
  Sums sums;
  for (int j = 0; j < count; j += 4, pairs += 4, at += 12) {
    const auto pixels = load_rows(D8(), rows, at);
    sums.add(pick_pairs(pixels, kPixels01), pairs);
    sums.add(pick_pairs(pixels, kPixels23), pairs + 2);
  }
  return sums.rounded();
}

// Lane by lane: of a loop here, GCC makes a scatter, which is slower than all the rest. `kBytes` is a
// constant, for a store and not a call.
template <size_t kBytes>
HWY_INLINE void store_pixel(V32 rgb0, uint8_t* const* rows, size_t at) {
  const hn::Rebind<uint8_t, D32> d8;
  const hn::Repartition<uint32_t, decltype(d8)> d_pixel;
  const auto pixels = hn::BitCast(d_pixel, hn::DemoteTo(d8, rgb0));
  const auto store = [&](size_t row) HWY_ATTR {
    const uint32_t pixel = hn::ExtractLane(pixels, row);
    std::memcpy(rows[row] + at, &pixel, kBytes);
  };
  static_assert(kRows <= 4);
  store(0);
  if constexpr (kRows > 1) store(1);
  if constexpr (kRows > 2) store(2);
  if constexpr (kRows > 2) store(3);
}

// The output rows may not be the input's. Locals, for a byte that is stored could change anything else as the
// compiler sees it.
void resize_rows(const RowPointers& in_rows, const std::array<uint8_t*, kRows>& out_rows, const Taps& taps,
                 int width) {
  const uint8_t* in[kRows];
  uint8_t* out[kRows];
  for (size_t i = 0; i < kRows; ++i) in[i] = in_rows[i];
  for (size_t i = 0; i < kRows; ++i) out[i] = out_rows[i];
  const int* first = taps.first.data();
  const int* count = taps.count.data();
  const int32_t* pairs = taps.pairs.data();
  const size_t stride = static_cast<size_t>(taps.stride);
  const size_t last = static_cast<size_t>(width) - 1;
  // 4 bytes are written at once, the fourth to be overwritten by the next pixel; the last pixel has none.
  for (size_t x = 0; x < last; ++x, pairs += stride) {
    store_pixel<4>(resize_pixel(in, 3 * static_cast<size_t>(first[x]), pairs, count[x]), out, 3 * x);
  }
  store_pixel<3>(resize_pixel(in, 3 * static_cast<size_t>(first[last]), pairs, count[last]), out, 3 * last);
}

void horizontal(Plane in, int rows, const Taps& taps, int width, uint8_t* out, size_t out_stride) {
  for (int y = 0; y < rows; y += kRows) {
    RowPointers in_rows;
    std::array<uint8_t*, kRows> out_rows;
    for (size_t i = 0; i < kRows; ++i) {
      const size_t row = std::min<size_t>(static_cast<size_t>(y) + i,
                                          static_cast<size_t>(rows) - 1);  // the last one again and again
      in_rows[i] = in.pixels + row * in.stride;
      out_rows[i] = out + row * out_stride;
    }
    resize_rows(in_rows, out_rows, taps, width);
  }
}

ResizeKernels kernels() { return {horizontal, vertical}; }

}  // namespace
}  // namespace pomona::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pomona {
namespace {

HWY_EXPORT(kernels);

struct Target {
  int64_t bit;
  const char* name;
};

constexpr std::array kTargets = {
    Target{HWY_AVX3, "avx512"},
    Target{HWY_AVX2, "avx2"},
    Target{HWY_SSE4, "sse4"},
    Target{HWY_NEON, "neon"},
};

}  // namespace

std::vector<NamedKernels> vector_kernels() {
  std::vector<NamedKernels> found;
  for (const Target& target : kTargets) {
    if ((hwy::SupportedTargets() & HWY_TARGETS & target.bit) == 0) continue;
    hwy::ChosenTarget chosen;
    chosen.Update(target.bit);
    found.push_back({target.name, HWY_DISPATCH_TABLE(kernels)[chosen.GetIndex()]()});
  }
  return found;
}

}  // namespace pomona
#endif
